// What the tests of this layer check for every struct: it survives encoding and decoding, and parsing never reads beyond a
// truncated input.
//
// Memory and threads: functions for tests, in one thread. Failure: expectations of the test fail.
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

// Why Parse refuses the struct with that tail; empty if Parse accepts it.
template <typename T>
std::string Refusal(const T& value, std::string_view tail = {}) {
  T parsed;
  std::string_view rest;
  const char* fault = Parse(Bytes(value, tail), &parsed, &rest);
  return fault == nullptr ? "" : fault;
}

// An exact copy on the heap, so that AddressSanitizer sees every read beyond it.
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

// Expects that a valid struct survives encoding and decoding with its tail, and that every truncation of it is refused.
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

// Random bytes; half of the texts consist mostly of zeros and so of small numbers, which pass more checks than random ones.
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
