// A mapped reader in the store's own process. Like a client it maps the store's memory a second time, read-only, and has a
// page of pins. Or it uses the addresses at which the store itself has mapped all that: ThreadSanitizer finds races by
// address, so it sees accesses of reader and store as related only there.
//
// Memory and threads: one reader per thread. Failure: what is refused fails the test.
#ifndef REMOTE_DRAM_STORE_MAPPED_TESTING_H_
#define REMOTE_DRAM_STORE_MAPPED_TESTING_H_

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cinttypes>
#include <cstdio>
#include <fstream>
#include <map>
#include <string>

#include "store/testing.h"
#include "wire/mapped_lookup.h"

namespace remote_dram::store {

enum class ReadAt { kItsOwnAddresses, kTheStoresAddresses };

// Where this process has mapped the beginning of `memory` with these rights ("rw-s"); null: nowhere.
inline void* AddressOf(int memory, const std::string& rights) {
  struct stat wanted;
  EXPECT_EQ(fstat(memory, &wanted), 0);
  std::ifstream maps("/proc/self/maps");
  for (std::string line; std::getline(maps, line);) {
    uint64_t begin = 0, offset = 0, inode = 0;
    char has[5] = {};
    const int read = std::sscanf(line.c_str(), "%" SCNx64 "-%*x %4s %" SCNx64 " %*s %" SCNu64, &begin, has, &offset, &inode);
    if (read == 4 && inode == wanted.st_ino && offset == 0 && rights == has) return reinterpret_cast<void*>(begin);
  }
  return nullptr;
}

class TestReader final : public wire::MappedSegments {
 public:
  explicit TestReader(Store& store, ReadAt at = ReadAt::kItsOwnAddresses)
      : store_(store), at_(at), page_([] { return memfd_create("pins", MFD_CLOEXEC | MFD_ALLOW_SEALING); }) {
    EXPECT_EQ(ftruncate(page_.fd(), wire::mapped_page_bytes), 0);
    EXPECT_EQ(fcntl(page_.fd(), F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW), 0);
    const Result<uint64_t> number = store.arena().pins().Add(page_);
    EXPECT_TRUE(number.ok()) << number.status().ToString();
    number_ = *number;
    pins_ = MapPins();
    index_bytes_ = Map(store.index()->memory().fd(), store.index()->bytes());
    EXPECT_EQ(wire::MappedIndex::Open(index_bytes_, &index_), nullptr);
  }
  TestReader(const TestReader&) = delete;
  TestReader& operator=(const TestReader&) = delete;
  ~TestReader() {
    store_.arena().pins().Remove(number_);
    if (at_ == ReadAt::kTheStoresAddresses) return;
    munmap(pins_, wire::mapped_pin_page_bytes);
    for (const auto& [number, bytes] : segments_) munmap(const_cast<char*>(bytes.data()), bytes.size());
    munmap(const_cast<char*>(index_bytes_.data()), index_bytes_.size());
  }

  // Maps the segments that it needs, and repeats the look-up while its result is in doubt. A value that was found stays
  // pinned.
  wire::MappedFound Find(std::string_view key, size_t pin = 0) {
    while (true) {
      const wire::MappedFound found = index_.Find(key, *this, &pins_[pin]);
      if (found.state == wire::MappedFound::State::kUnmapped) {
        const auto shared = store_.arena().Share(found.segment);
        if (shared) segments_[found.segment] = Map(shared->memory.fd(), shared->bytes);
      } else if (found.state != wire::MappedFound::State::kDoubt) {
        EXPECT_TRUE(found.state != wire::MappedFound::State::kFound || found.key == key);
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
  std::string_view Map(int fd, uint64_t bytes) const {
    const bool own = at_ == ReadAt::kItsOwnAddresses;
    void* const mapped = own ? mmap(nullptr, bytes, PROT_READ, MAP_SHARED, fd, 0) : AddressOf(fd, "rw-s");
    EXPECT_TRUE(mapped != MAP_FAILED && mapped != nullptr);
    return {static_cast<const char*>(mapped), bytes};
  }
  uint64_t* MapPins() const {
    constexpr uint64_t bytes = wire::mapped_pin_page_bytes;
    constexpr int access = PROT_READ | PROT_WRITE;
    if (at_ == ReadAt::kItsOwnAddresses) return static_cast<uint64_t*>(mmap(nullptr, bytes, access, MAP_SHARED, page_.fd(), 0));
    void* const stores = AddressOf(page_.fd(), "r--s");
    EXPECT_EQ(mprotect(stores, bytes, access), 0);
    return static_cast<uint64_t*>(stores);
  }

  Store& store_;
  const ReadAt at_;
  const base::Descriptor page_;
  uint64_t* pins_ = nullptr;
  uint64_t number_ = 0;
  std::string_view index_bytes_;
  wire::MappedIndex index_;
  std::map<uint32_t, std::string_view> segments_;
};

}  // namespace remote_dram::store

#endif  // REMOTE_DRAM_STORE_MAPPED_TESTING_H_
