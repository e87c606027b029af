// The sizes of blocks: 57 classes for values up to 32 KiB, whole pages for larger ones.
//
// A block's stride is the size of header, payload and key, rounded up. Strides are 64 x (1 + c) bytes, where c is any
// number up to 16, and above that one of eight steps per doubling. So a power of two fits exactly, and less than 1/8 is lost.
// Memory and threads: pure functions.
// Failure: none; callers keep sizes below 2^62.
#ifndef REMOTE_DRAM_STORE_SIZE_CLASSES_H_
#define REMOTE_DRAM_STORE_SIZE_CLASSES_H_

#include <bit>
#include <cstdint>
#include <optional>

#include "store/block.h"

namespace remote_dram::store {

inline constexpr uint64_t kPageBytes = 4096;
inline constexpr uint64_t kUnitBytes = kValueAlignment;
inline constexpr uint64_t kUnitsMax = 512;  // c of the largest class
inline constexpr int kSizeClasses = 57;

// The c that a value needs. The first unit of 64 bytes contains the header, and has room for 32 bytes of payload.
constexpr uint64_t UnitsFor(uint64_t bytes) { return (bytes + kBlockHeaderBytes - 1) / kUnitBytes; }

// nullopt: the value takes whole pages.
constexpr std::optional<int> SizeClassOf(uint64_t bytes) {
  const uint64_t units = UnitsFor(bytes);
  if (units > kUnitsMax) return std::nullopt;
  if (units <= 16) return static_cast<int>(units);
  const int doubling = std::bit_width(units - 1) - 1;  // 2^doubling < units <= 2^(doubling + 1)
  const uint64_t step = uint64_t{1} << (doubling - 3);
  const uint64_t steps = (units - (uint64_t{1} << doubling) + step - 1) / step;
  return 16 + (doubling - 4) * 8 + static_cast<int>(steps);
}

constexpr uint64_t ClassStride(int size_class) {
  uint64_t units = static_cast<uint64_t>(size_class);
  if (size_class > 16) {
    const int doubling = 4 + (size_class - 17) / 8;
    units = (uint64_t{1} << doubling) + (uint64_t{(size_class - 17u) % 8 + 1} << (doubling - 3));
  }
  return (units + 1) * kUnitBytes;
}

constexpr uint64_t PagesFor(uint64_t bytes) { return (bytes + kPageBytes - 1) / kPageBytes; }

// Clients' buffers mostly start at a page boundary or a few bytes after one. How fast a value is copied depends on the
// distance, modulo a page, between its start and the buffer's (doc/notes.md, "The store's memory"); a quarter of a page is
// fast in both directions. Values of this size or more start there, because for them it costs little memory.
inline constexpr uint64_t kQuarterPageBytesMin = uint64_t{64} << 10;

// Offset of a run's first payload in the run; the block's header lies right before the payload.
constexpr uint64_t FirstPayloadAt(uint64_t bytes) { return bytes < kQuarterPageBytesMin ? kUnitBytes : kPageBytes / 4; }
static_assert(FirstPayloadAt(kQuarterPageBytesMin) % kUnitBytes == 0);

// What a block takes of the budget, besides kEntryBytes. `bytes`: payload and key.
constexpr uint64_t StrideOf(uint64_t bytes) {
  const std::optional<int> size_class = SizeClassOf(bytes);
  return size_class ? ClassStride(*size_class) : PagesFor(FirstPayloadAt(bytes) + bytes) * kPageBytes;
}

}  // namespace remote_dram::store

#endif  // REMOTE_DRAM_STORE_SIZE_CLASSES_H_
