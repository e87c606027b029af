// Run: some pages in a row, cut into blocks of one stride.
//
// Memory: the pages belong to a segment; free blocks hold the list of themselves in their headers, and a
// page is not touched before its first block is taken.
// Threads: none of its own; the arena's lock. What const functions tell does not change.
// Failure: none. Take from a full run, or giving a block twice, is a defect (checked).
#ifndef REMOTE_DRAM_STORE_RUN_H_
#define REMOTE_DRAM_STORE_RUN_H_

#include <cstdint>
#include <list>
#include <optional>
#include <tuple>

#include "store/block.h"
#include "store/extents.h"

namespace remote_dram::store {

class Arena;

class Run {
 public:
  // Where it lies, for blocks of `bytes`; `size_class`: nothing for one that is alone.
  Run(Arena& arena, Extent extent, char* base, std::optional<int> size_class, uint64_t bytes);
  Run(const Run&) = delete;
  Run& operator=(const Run&) = delete;

  // The pages that a run of this class takes.
  static uint64_t PagesOf(int size_class);

  BlockHeader* Take();
  void Give(BlockHeader* block);
  bool full() const { return taken_ == blocks_; }
  bool empty() const { return taken_ == 0; }

  Arena& arena() const { return arena_; }
  const Extent& extent() const { return extent_; }
  std::optional<int> size_class() const { return size_class_; }
  uint64_t stride() const { return stride_; }
  BlockAddress AddressOf(const char* payload) const;

  std::list<Run>::iterator self;  // in the arena's list, which owns it

 private:
  Arena& arena_;
  const Extent extent_;
  char* const base_;
  const uint64_t first_header_at_;
  const std::optional<int> size_class_;
  const uint64_t stride_;
  const uint64_t blocks_;
  uint64_t taken_ = 0;
  uint64_t untouched_from_ = 0;  // blocks from this one on were never taken
  BlockHeader* free_ = nullptr;
};

struct LowestRunFirst {
  bool operator()(const Run* a, const Run* b) const {
    const Extent &x = a->extent(), &y = b->extent();
    return std::tie(x.segment, x.page) < std::tie(y.segment, y.page);
  }
};

}  // namespace remote_dram::store

#endif  // REMOTE_DRAM_STORE_RUN_H_
