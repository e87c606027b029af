// Arena: the memory in which values lie, in segments that are mapped from and given back to the system.
//
//   segment   64 MiB of pages, or as many as one larger value needs; its number is never used twice
//   run       pages of a segment in a row, cut into blocks of one stride; a large value has one alone
//   block     header and payload, see block.h
//
// Pages are taken by best fit, blocks from the run with the lowest address, so that later segments run
// empty. An empty segment goes back to the system; one is kept.
// Memory: it must outlive its blocks: hold it by shared_ptr beside those of which nobody knows the end.
// Threads: any.
// Failure: Allocate refuses with RESOURCE_EXHAUSTED, by the budget or because the system has no memory.
// Limits: the budget, which counts every block's stride from Allocate until its last handle is gone.
#ifndef REMOTE_DRAM_STORE_ARENA_H_
#define REMOTE_DRAM_STORE_ARENA_H_

#include <array>
#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <set>

#include "base/thread_annotations.h"
#include "remote_dram/status.h"
#include "store/block.h"
#include "store/budget.h"
#include "store/extents.h"
#include "store/run.h"
#include "store/segment.h"
#include "store/size_classes.h"

namespace remote_dram::store {

inline constexpr uint64_t kSegmentBytes = uint64_t{64} << 20;

struct ArenaUsage {
  uint64_t segments = 0;
  uint64_t mapped_bytes = 0;
  uint64_t runs = 0;
};

class Arena {
 public:
  explicit Arena(uint64_t memory_limit_bytes) : budget_(memory_limit_bytes) {}
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;
  ~Arena();

  Result<PrivateBlock> Allocate(uint64_t bytes) EXCLUDES(mutex_);

  Budget& budget() { return budget_; }
  ArenaUsage usage() const EXCLUDES(mutex_);

 private:
  friend void ReturnToArena(BlockHeader* block);
  void Free(BlockHeader* block) EXCLUDES(mutex_);

  Result<BlockHeader*> Take(uint64_t bytes) REQUIRES(mutex_);
  Result<Run*> StartRun(std::optional<int> size_class, uint64_t bytes) REQUIRES(mutex_);
  Result<Extent> TakePages(uint64_t pages) REQUIRES(mutex_);
  Status AddSegment(uint64_t bytes) REQUIRES(mutex_);
  // The segment that is to be unmapped now, without the lock; null if none.
  [[nodiscard]] std::unique_ptr<Segment> GivePages(Extent extent) REQUIRES(mutex_);

  Budget budget_;
  mutable base::Mutex mutex_;
  std::map<uint32_t, std::unique_ptr<Segment>> segments_ GUARDED_BY(mutex_);
  uint32_t next_segment_ GUARDED_BY(mutex_) = 0;
  uint64_t empty_segments_ GUARDED_BY(mutex_) = 0;
  FreeExtents free_ GUARDED_BY(mutex_);
  std::list<Run> runs_ GUARDED_BY(mutex_);
  std::array<std::set<Run*, LowestRunFirst>, kSizeClasses> roomy_ GUARDED_BY(mutex_);
};

}  // namespace remote_dram::store

#endif  // REMOTE_DRAM_STORE_ARENA_H_
