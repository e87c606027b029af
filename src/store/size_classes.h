// The sizes in which blocks come: 57 classes for values up to 32 KiB, whole pages above.
//
// A block's stride is header and payload, rounded up. Strides are 64 x (1 + c) bytes, where c is any number
// up to 16 and then one of eight per doubling: a power of two just fits, and less than an eighth is lost.
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

// The c that a value needs. The first header half-fills a unit: 32 bytes of payload fit in beside it.
constexpr uint64_t UnitsFor(uint64_t bytes) { return (bytes + kBlockHeaderBytes - 1) / kUnitBytes; }

// Nothing: it takes whole pages.
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

// What clients send, and where they receive, starts mostly at a page or a few bytes later. How far away from that a value
// starts, modulo a page, decides how fast it is copied (doc/notes.md, "The store's memory"): a quarter of a page serves
// both directions. Where that costs little memory, values start there.
inline constexpr uint64_t kQuarterPageBytesMin = uint64_t{64} << 10;

// From the start of a run to its first payload, right before which a header lies.
constexpr uint64_t FirstPayloadAt(uint64_t bytes) { return bytes < kQuarterPageBytesMin ? kUnitBytes : kPageBytes / 4; }
static_assert(FirstPayloadAt(kQuarterPageBytesMin) % kUnitBytes == 0);

// What a value takes of the budget.
constexpr uint64_t StrideOf(uint64_t bytes) {
  const std::optional<int> size_class = SizeClassOf(bytes);
  return size_class ? ClassStride(*size_class) : PagesFor(FirstPayloadAt(bytes) + bytes) * kPageBytes;
}

}  // namespace remote_dram::store

#endif  // REMOTE_DRAM_STORE_SIZE_CLASSES_H_
