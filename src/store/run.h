// Run: consecutive pages, cut into blocks of one stride.
//
// Memory: the pages belong to a segment. The list of free blocks lies in their headers, and a page is not touched before
// the first block in it is taken.
// Threads: not thread-safe; the arena's lock guards it. arena, extent, size_class, stride and AddressOf need no lock,
// because what they return never changes, except by Shorten, while the run's only block is private.
// Failure: none. Taking from a full run, or giving a block twice, is a defect (checked).
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
  // `extent` and `base`: where the run lies; `bytes`: payload and key of a block; `size_class`: nullopt if the run is one
  // large value.
  Run(Arena& arena, Extent extent, char* base, std::optional<int> size_class, uint64_t bytes);
  Run(const Run&) = delete;
  Run& operator=(const Run&) = delete;

  // The pages that a run of this class takes.
  static uint64_t PagesOf(int size_class);

  BlockHeader* Take();
  void Give(BlockHeader* block);
  // Leaves the first `pages` of a run that is one large value; returns the others.
  Extent Shorten(uint64_t pages);
  bool full() const { return taken_ == blocks_; }
  bool empty() const { return taken_ == 0; }

  Arena& arena() const { return arena_; }
  const Extent& extent() const { return extent_; }
  std::optional<int> size_class() const { return size_class_; }
  uint64_t stride() const { return stride_; }
  BlockAddress AddressOf(const char* payload) const;

  std::list<Run>::iterator self;  // its position in the arena's list, which owns the run

 private:
  Arena& arena_;
  Extent extent_;
  char* const base_;
  const uint64_t first_header_at_;
  const std::optional<int> size_class_;
  uint64_t stride_;
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
