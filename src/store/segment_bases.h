// SegmentBases: where the segments of an arena lie in this process, for readers that do not hold the arena's lock.
//
//   part 0: the first 64 numbers | part 1: the next 128 | part 2: the next 256 | ...
//
// Memory: 8 bytes for each segment number that was ever used, rounded up to whole parts, which are never moved or freed
// before the end.
// Threads: Set is called by one thread at a time, Of by any; the caller of Of must know that the segment exists, for example
// because it holds the lock of a shard with a block in it.
// Failure: Set returns false if the system has no memory.
#ifndef REMOTE_DRAM_STORE_SEGMENT_BASES_H_
#define REMOTE_DRAM_STORE_SEGMENT_BASES_H_

#include <array>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <new>

namespace remote_dram::store {

class SegmentBases {
 public:
  SegmentBases() = default;
  SegmentBases(const SegmentBases&) = delete;
  SegmentBases& operator=(const SegmentBases&) = delete;
  ~SegmentBases() {
    for (const auto& part : parts_) delete[] part.load();
  }

  [[nodiscard]] bool Set(uint32_t segment, char* base) {
    const Place place(segment);
    Cell* part = parts_[place.part].load(std::memory_order_relaxed);
    if (part == nullptr) {
      part = new (std::nothrow) Cell[first_part << place.part];
      if (part == nullptr) return false;
      parts_[place.part].store(part, std::memory_order_release);
    }
    part[place.at].store(base, std::memory_order_release);
    return true;
  }

  char* Of(uint32_t segment) const {
    const Place place(segment);
    return parts_[place.part].load(std::memory_order_acquire)[place.at].load(std::memory_order_acquire);
  }

 private:
  using Cell = std::atomic<char*>;
  static constexpr uint64_t first_part = 64;  // numbers in part 0
  static constexpr int parts_max = 27;        // 64 * (2^27 - 1) numbers are more than a uint32_t has

  struct Place {
    explicit Place(uint32_t segment)
        : part(std::bit_width(segment + first_part) - std::bit_width(first_part)),
          at(segment + first_part - (first_part << part)) {}
    int part;
    size_t at;
  };

  std::array<std::atomic<Cell*>, parts_max> parts_{};
};

}  // namespace remote_dram::store

#endif  // REMOTE_DRAM_STORE_SEGMENT_BASES_H_
