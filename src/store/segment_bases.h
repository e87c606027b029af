// SegmentBases: where the segments of an arena lie in this process, for readers that do not hold the arena's lock.
//
//   part 0: the first 64 numbers | part 1: the next 128 | part 2: the next 256 | ...
//
// Memory: 8 bytes for each segment number that was ever used, rounded up to whole parts, which are never moved or freed
// before the end.
// Threads: Set is called by one thread at a time, Of by any. The caller of Of must know that the segment exists by means of a
// lock, for example that of a shard with a block in it; so Set happened before.
// Failure: Set returns false if the system has no memory.
#ifndef REMOTE_DRAM_STORE_SEGMENT_BASES_H_
#define REMOTE_DRAM_STORE_SEGMENT_BASES_H_

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>

namespace remote_dram::store {

class SegmentBases {
 public:
  [[nodiscard]] bool Set(uint32_t segment, char* base) {
    const Place place(segment);
    std::unique_ptr<char*[]>& part = parts_[place.part];
    if (part == nullptr) part.reset(new (std::nothrow) char*[first_part << place.part]);
    if (part == nullptr) return false;
    part[place.at] = base;
    return true;
  }

  char* Of(uint32_t segment) const {
    const Place place(segment);
    return parts_[place.part][place.at];
  }

 private:
  static constexpr uint64_t first_part = 64;  // numbers in part 0
  static constexpr int parts_max = 27;        // 64 * (2^27 - 1) numbers are more than a uint32_t has

  struct Place {
    explicit Place(uint32_t segment)
        : part(std::bit_width(segment + first_part) - std::bit_width(first_part)),
          at(segment + first_part - (first_part << part)) {}
    int part;
    size_t at;
  };

  std::array<std::unique_ptr<char*[]>, parts_max> parts_;
};

}  // namespace remote_dram::store

#endif  // REMOTE_DRAM_STORE_SEGMENT_BASES_H_
