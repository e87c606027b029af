// A reader as a client would be, in the store's own process: it maps what the store hands out, read-only and
// a second time, and has a page of pins.
//
// Memory and threads: one per thread. Failure: what is refused fails the test.
#ifndef REMOTE_DRAM_STORE_MAPPED_TESTING_H_
#define REMOTE_DRAM_STORE_MAPPED_TESTING_H_

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <map>
#include <string>

#include "store/testing.h"
#include "wire/mapped_lookup.h"

namespace remote_dram::store {

inline StoreOptions SharedOptions() {
  StoreOptions options = TestOptions();
  options.sharing = Sharing::kShared;
  return options;
}

class TestReader final : public wire::MappedSegments {
 public:
  explicit TestReader(Store& store)
      : store_(store), page_([] { return memfd_create("pins", MFD_CLOEXEC | MFD_ALLOW_SEALING); }) {
    EXPECT_EQ(ftruncate(page_.fd(), wire::mapped_page_bytes), 0);
    pins_ = static_cast<uint64_t*>(mmap(nullptr, wire::mapped_page_bytes, PROT_READ | PROT_WRITE, MAP_SHARED, page_.fd(), 0));
    EXPECT_EQ(fcntl(page_.fd(), F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW), 0);
    const Result<uint64_t> number = store.arena().pins().Add(page_);
    EXPECT_TRUE(number.ok()) << number.status().ToString();
    number_ = *number;
    index_bytes_ = Map(store.index()->memory().fd(), store.index()->bytes());
    EXPECT_EQ(wire::MappedIndex::Open(index_bytes_, &index_), nullptr);
  }
  TestReader(const TestReader&) = delete;
  TestReader& operator=(const TestReader&) = delete;
  ~TestReader() {
    store_.arena().pins().Remove(number_);
    munmap(pins_, wire::mapped_page_bytes);
    for (const auto& [number, bytes] : segments_) munmap(const_cast<char*>(bytes.data()), bytes.size());
    munmap(const_cast<char*>(index_bytes_.data()), index_bytes_.size());
  }

  // Leaves the pin set if it found a value. Maps what it needs, and asks again while in doubt.
  wire::MappedFound Find(std::string_view key, size_t pin = 0) {
    while (true) {
      const wire::MappedFound found = index_.Find(key, *this, &pins_[pin]);
      if (found.state == wire::MappedFound::State::kUnmapped) {
        const auto shared = store_.arena().Share(found.segment);
        if (shared) segments_[found.segment] = Map(shared->memory.fd(), shared->bytes);
      } else if (found.state != wire::MappedFound::State::kDoubt) {
        return found;
      }
    }
  }
  wire::MappedFound FindOnce(std::string_view key) { return index_.Find(key, *this, &pins_[0]); }
  void Unpin(size_t pin = 0) { wire::ClearPin(&pins_[pin]); }

  std::string_view Bytes(uint32_t segment) const override {
    const auto at = segments_.find(segment);
    return at == segments_.end() ? std::string_view() : at->second;
  }

 private:
  static std::string_view Map(int fd, uint64_t bytes) {
    void* const mapped = mmap(nullptr, bytes, PROT_READ, MAP_SHARED, fd, 0);
    EXPECT_NE(mapped, MAP_FAILED);
    return {static_cast<const char*>(mapped), bytes};
  }

  Store& store_;
  const base::Descriptor page_;
  uint64_t* pins_ = nullptr;
  uint64_t number_ = 0;
  std::string_view index_bytes_;
  wire::MappedIndex index_;
  std::map<uint32_t, std::string_view> segments_;
};

}  // namespace remote_dram::store

#endif  // REMOTE_DRAM_STORE_MAPPED_TESTING_H_
