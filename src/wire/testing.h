// What the tests of this layer say about every struct: it survives the way to bytes and back, and nothing is
// read beyond an input that was cut off.
//
// Memory and threads: functions for tests, in one thread. Failure: as expectations of the test.
#ifndef REMOTE_DRAM_WIRE_TESTING_H_
#define REMOTE_DRAM_WIRE_TESTING_H_

#include <gtest/gtest.h>

#include <memory>
#include <random>
#include <string>

#include "wire/codec.h"

namespace remote_dram::wire {

template <typename T>
std::string Bytes(const T& value, std::string_view tail = {}) {
  std::string bytes;
  Append(&bytes, value);
  return bytes.append(tail);
}

// Why Parse refuses the struct with that tail; empty if it takes it.
template <typename T>
std::string Refusal(const T& value, std::string_view tail = {}) {
  T parsed;
  std::string_view rest;
  const char* fault = Parse(Bytes(value, tail), &parsed, &rest);
  return fault == nullptr ? "" : fault;
}

// A view of an exact copy on the heap, so that a sanitizer sees each byte that is read beyond it.
class Exactly {
 public:
  explicit Exactly(std::string_view bytes) : copy_(new char[bytes.size()]), bytes_(copy_.get(), bytes.size()) {
    if (!bytes.empty()) std::memcpy(copy_.get(), bytes.data(), bytes.size());
  }
  std::string_view view() const { return bytes_; }

 private:
  const std::unique_ptr<char[]> copy_;
  const std::string_view bytes_;
};

// A struct that no rule refuses, with its tail.
template <typename T>
void ExpectRoundTrip(const T& value, std::string_view tail = {}) {
  const std::string bytes = Bytes(value, tail);
  ASSERT_EQ(bytes.size(), sizeof(T) + tail.size());
  const Exactly whole(bytes);
  T parsed;
  std::string_view rest;
  ASSERT_STREQ(Parse(whole.view(), &parsed, &rest), nullptr);
  EXPECT_EQ(Bytes(parsed, rest), bytes);
  for (size_t size = 0; size < sizeof(T); ++size) {
    const Exactly part(std::string_view(bytes).substr(0, size));
    EXPECT_STREQ(Parse(part.view(), &parsed, &rest), "the message is shorter than its header") << size;
  }
}

// Bytes without sense, some of them small numbers, which come further than random ones.
class Noise {
 public:
  std::string Next(size_t bytes_max) {
    std::string bytes(random_() % (bytes_max + 1), '\0');
    const bool sparse = random_() % 2 == 0;
    for (char& byte : bytes) byte = static_cast<char>(sparse && random_() % 8 != 0 ? 0 : random_());
    return bytes;
  }

 private:
  std::minstd_rand random_{20240917};
};

}  // namespace remote_dram::wire

#endif  // REMOTE_DRAM_WIRE_TESTING_H_
