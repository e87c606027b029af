// Arena: the memory in which values lie, in segments that are mapped from and given back to the system.
//
//   segment   66 MiB of pages, or as many as one larger value needs; its number is never used twice
//   run       pages of a segment in a row, cut into blocks of one stride; a large value has one alone
//   block     header, payload and key, see block.h
//
// Pages are taken by best fit, blocks from the run with the lowest address, so that later segments run
// empty. Some empty segments are kept for the next values, which would otherwise wait for the system: it clears
// pages more slowly than they are filled; others, those that were emptied first, go back to it. For the same
// reason a thread touches the pages of empty segments ahead, if the arena is shared and has large values. A shared arena is
// what clients on this host may map: a block that they may have pinned is retired first, and used again when no
// pin names it.
// Memory: it must outlive its blocks: hold it by shared_ptr beside those of which nobody knows the end.
// Threads: any.
// Failure: Allocate refuses with RESOURCE_EXHAUSTED, by the budget or because the system has no memory.
// Limits: the budget, which counts every block's stride and entry from Allocate until its last handle is gone and no pin
// is left; retired_blocks_of_page (of retired_blocks_pages_max at most) and retired_bytes_max, after which it looks at the pins;
// touched_ahead_segments_max, and as many as large values would fill; kept_bytes_max, kept_share, and the room in the budget, for all
// empty segments but one of the usual size.
#ifndef REMOTE_DRAM_STORE_ARENA_H_
#define REMOTE_DRAM_STORE_ARENA_H_

#include <array>
#include <atomic>
#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string_view>
#include <vector>

#include "base/thread_annotations.h"
#include "remote_dram/status.h"
#include "store/block.h"
#include "store/budget.h"
#include "store/extents.h"
#include "store/pins.h"
#include "store/run.h"
#include "store/segment.h"
#include "store/size_classes.h"
#include "store/toucher.h"

namespace remote_dram::store {

// 64 MiB, and room for the headers: each value takes a page for its own, so 16 of 4 MiB and one of 64 just fit.
inline constexpr uint64_t kSegmentBytes = (uint64_t{64} + 2) << 20;
inline constexpr uint64_t kept_bytes_max = uint64_t{1} << 30;
inline constexpr uint64_t kept_share = 4;  // at most this part of the memory limit
inline constexpr uint64_t touched_ahead_segments_max = 4;
inline constexpr uint64_t touched_at_once_bytes = uint64_t{4} << 20;
inline constexpr uint64_t retired_blocks_of_page = 256;  // of pins: so that a block's part of a look is four words
inline constexpr uint64_t retired_blocks_pages_max = 16;  // so that not too many become free at once
inline constexpr uint64_t retired_bytes_max = uint64_t{4} << 20;

struct ArenaUsage {
  uint64_t segments = 0;
  uint64_t mapped_bytes = 0;
  uint64_t runs = 0;
  uint64_t segments_touched_ahead = 0;  // empty, and with no page that the system would have to clear
};

class Arena {
 public:
  explicit Arena(uint64_t memory_limit_bytes, Sharing sharing = Sharing::kPrivate)
      : sharing_(sharing), budget_(memory_limit_bytes) {}
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;
  ~Arena();

  Result<PrivateBlock> Allocate(uint64_t bytes, std::string_view key = {}) EXCLUDES(mutex_);
  // A block for the key whose value is that of `target`, which must not be a link.
  Result<PrivateBlock> AllocateLink(BlockRef target, std::string_view key) EXCLUDES(mutex_);

  // What clients that map the arena need. An empty answer: there is no such segment (any more).
  std::vector<uint32_t> SharedSegments() const EXCLUDES(mutex_);
  struct SharedSegment {
    uint64_t bytes = 0;
    base::Descriptor memory;
  };
  std::optional<SharedSegment> Share(uint32_t segment) const EXCLUDES(mutex_);
  Pins& pins() { return pins_; }
  // Looks at the pins, and frees the retired blocks that none of them names.
  void Reclaim() EXCLUDES(retired_mutex_, mutex_);
  // A forked child may be reading this block: it is not used again, and goes with the arena.
  void KeepForGood(BlockRef block) EXCLUDES(retired_mutex_);
  // From now on no retired block is used again: clients are about to lose their pages, but not their views.
  void Freeze() { frozen_ = true; }

  Budget& budget() { return budget_; }
  ArenaUsage usage() const EXCLUDES(mutex_);

 private:
  friend void ReturnToArena(BlockHeader* block);
  void Retire(BlockHeader* block) EXCLUDES(retired_mutex_, mutex_);
  void Free(BlockHeader* block) EXCLUDES(mutex_);

  // What no client has pinned any more makes room.
  Status Charge(uint64_t bytes) EXCLUDES(retired_mutex_, mutex_);
  Result<PrivateBlock> AllocateShape(const wire::MappedBlock& shape, std::string_view key) EXCLUDES(mutex_);
  Result<BlockHeader*> Take(uint64_t bytes) REQUIRES(mutex_);
  Result<Run*> StartRun(std::optional<int> size_class, uint64_t bytes) REQUIRES(mutex_);
  Result<Extent> TakePages(uint64_t pages) REQUIRES(mutex_);
  Status AddSegment(uint64_t bytes) REQUIRES(mutex_);
  uint64_t EmptyBytesMax() const;
  // The segments that are to be unmapped now, without the lock.
  using Unneeded = std::vector<std::shared_ptr<Segment>>;
  [[nodiscard]] Unneeded GivePages(Extent extent) REQUIRES(mutex_);
  void Drop(uint32_t segment, Unneeded* unneeded) REQUIRES(mutex_);

  // arena_ahead.cc: a piece of an empty segment; false: enough are touched.
  bool TouchAhead() EXCLUDES(mutex_);
  std::shared_ptr<Segment> SegmentToTouch() REQUIRES(mutex_);

  const Sharing sharing_;
  Budget budget_;
  Pins pins_;
  std::atomic<bool> frozen_{false};
  base::Mutex retired_mutex_;
  std::vector<BlockHeader*> retired_ GUARDED_BY(retired_mutex_);
  std::vector<BlockRef> kept_for_good_ GUARDED_BY(retired_mutex_);
  uint64_t retired_since_blocks_ GUARDED_BY(retired_mutex_) = 0;  // since the pins were looked at
  uint64_t retired_since_bytes_ GUARDED_BY(retired_mutex_) = 0;
  mutable base::Mutex mutex_;
  std::map<uint32_t, std::shared_ptr<Segment>> segments_ GUARDED_BY(mutex_);  // and the toucher's
  uint32_t next_segment_ GUARDED_BY(mutex_) = 0;
  std::list<uint32_t> empty_ GUARDED_BY(mutex_);  // the segments without a run; the one emptied first comes first
  uint64_t empty_bytes_ GUARDED_BY(mutex_) = 0;   // of these
  FreeExtents free_ GUARDED_BY(mutex_);
  std::list<Run> runs_ GUARDED_BY(mutex_);
  uint64_t large_bytes_ GUARDED_BY(mutex_) = 0;  // of the runs that are one large value
  std::array<std::set<Run*, LowestRunFirst>, kSizeClasses> roomy_ GUARDED_BY(mutex_);
  Toucher toucher_{[this] { return TouchAhead(); }};  // ends before the others do
};

}  // namespace remote_dram::store

#endif  // REMOTE_DRAM_STORE_ARENA_H_
