// Arena: the memory in which values lie, in segments that are mapped from and given back to the system.
//
//   segment   66 MiB of pages, or as many as one larger value needs; segment numbers are never reused
//   run       consecutive pages of a segment, cut into blocks of one stride; a large value has a run of its own
//   block     header, payload and key, see block.h
//
// Pages are taken by best fit, and blocks from the run with the lowest address, so that segments with higher addresses
// become empty. Some empty segments are kept for the next values: a value in a new segment would have to wait while the
// system clears pages, which is slower than filling them. Beyond that the segment that has been empty longest is unmapped
// first. If the arena is shared and has large values, a thread also touches the pages of empty segments in advance.
// Clients on this host may map a shared arena. A block that a client may have pinned is retired first, and is reused
// only when no pin names it.
// Memory: the arena must outlive its blocks. A holder of a block with an unknown lifetime also holds the arena by shared_ptr.
// Threads: any.
// Failure: Allocate refuses with RESOURCE_EXHAUSTED if the budget is used up or the system has no memory.
// Limits: the budget, which counts each block's stride and kEntryBytes from Allocate until the block has no handle and no
// pin. The pins are checked after retired_blocks_of_page blocks per page of pins (for at most retired_blocks_pages_max
// pages), or after retired_bytes_max. Segments touched in advance: touched_ahead_segments_max, and as many as the large
// values present would fill. Empty segments: kept_bytes_max, kept_share of the memory limit, and the room left in the
// budget; one segment of the usual size may always be kept.
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
#include "store/segment_bases.h"
#include "store/size_classes.h"
#include "store/toucher.h"

namespace remote_dram::store {

// 64 MiB and room for headers: each large value takes one more page for its header, so 16 values of 4 MiB, or one of 64, fit.
inline constexpr uint64_t kSegmentBytes = (uint64_t{64} + 2) << 20;
inline constexpr uint64_t kept_bytes_max = uint64_t{1} << 30;
inline constexpr uint64_t kept_share = 4;  // at most 1/kept_share of the memory limit
inline constexpr uint64_t touched_ahead_segments_max = 4;
inline constexpr uint64_t touched_at_once_bytes = uint64_t{4} << 20;
inline constexpr uint64_t retired_blocks_of_page = 256;  // per page of pins: the check then reads four pins per retired block
inline constexpr uint64_t retired_blocks_pages_max = 16;  // so that one check does not free too many blocks
inline constexpr uint64_t retired_bytes_max = uint64_t{4} << 20;

struct ArenaUsage {
  uint64_t segments = 0;
  uint64_t mapped_bytes = 0;
  uint64_t runs = 0;
  uint64_t segments_touched_ahead = 0;  // empty segments in which the system has already cleared every page
};

class Arena {
 public:
  explicit Arena(uint64_t memory_limit_bytes, Sharing sharing = Sharing::kPrivate)
      : sharing_(sharing), budget_(memory_limit_bytes) {}
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;
  ~Arena();

  Result<PrivateBlock> Allocate(uint64_t bytes, std::string_view key = {}) EXCLUDES(mutex_);
  // Makes the value of `block` shorter, and gives back the pages that it no longer needs. False, and nothing is changed, if a
  // value of so few bytes would lie elsewhere in its pages (kQuarterPageBytesMin), or would keep most of a segment that was made
  // for one larger value.
  bool Shorten(PrivateBlock& block, uint64_t bytes) EXCLUDES(mutex_);
  // A block for `key` that links to the value in `target`. `target` must not be a link itself.
  Result<PrivateBlock> AllocateLink(BlockRef target, std::string_view key) EXCLUDES(mutex_);

  // The block at this handle. The caller must know that it exists, for example because it holds the lock of the shard whose
  // index has the handle.
  BlockHeader* At(uint64_t handle) const {
    return reinterpret_cast<BlockHeader*>(bases_.Of(wire::HandleSegment(handle)) + wire::HandleOffset(handle)) - 1;
  }

  // For clients that map the arena: the segments, and a descriptor of one. nullopt: no such segment, or no descriptor left.
  std::vector<uint32_t> SharedSegments() const EXCLUDES(mutex_);
  struct SharedSegment {
    uint64_t bytes = 0;
    base::Descriptor memory;
  };
  std::optional<SharedSegment> Share(uint32_t segment) const EXCLUDES(mutex_);
  Pins& pins() { return pins_; }
  // Reads the pins, and frees the retired blocks that no pin names.
  void Reclaim() EXCLUDES(retired_mutex_, mutex_);
  // A forked child may be reading this block, so it is not reused until the arena is destroyed.
  void KeepForGood(BlockRef block) EXCLUDES(retired_mutex_);
  // From now on no retired block is reused: clients are about to lose their pages of pins, but keep their views.
  void Freeze() { frozen_ = true; }

  Budget& budget() { return budget_; }
  ArenaUsage usage() const EXCLUDES(mutex_);

 private:
  friend void ReturnToArena(BlockHeader* block);
  void Retire(BlockHeader* block) EXCLUDES(retired_mutex_, mutex_);
  void Free(BlockHeader* block) EXCLUDES(mutex_);

  // Takes `bytes` from the budget; if it is used up, calls Reclaim and tries once more.
  Status Charge(uint64_t bytes) EXCLUDES(retired_mutex_, mutex_);
  Result<PrivateBlock> AllocateShape(const wire::MappedBlock& shape, std::string_view key) EXCLUDES(mutex_);
  Result<BlockHeader*> Take(uint64_t bytes) REQUIRES(mutex_);
  Result<Run*> StartRun(std::optional<int> size_class, uint64_t bytes) REQUIRES(mutex_);
  Result<Extent> TakePages(uint64_t pages) REQUIRES(mutex_);
  Status AddSegment(uint64_t bytes) REQUIRES(mutex_);
  uint64_t EmptyBytesMax() const;
  // Segments that the caller unmaps after it has released the lock.
  using Unneeded = std::vector<std::shared_ptr<Segment>>;
  [[nodiscard]] Unneeded GivePages(Extent extent) REQUIRES(mutex_);
  void Drop(uint32_t segment, Unneeded* unneeded) REQUIRES(mutex_);

  // arena_ahead.cc: touches one piece of an empty segment. False: enough are touched, or the system refused memory.
  bool TouchAhead() EXCLUDES(mutex_);
  std::shared_ptr<Segment> SegmentToTouch() REQUIRES(mutex_);

  const Sharing sharing_;
  Budget budget_;
  Pins pins_;
  std::atomic<bool> frozen_{false};
  base::Mutex retired_mutex_;
  std::vector<BlockHeader*> retired_ GUARDED_BY(retired_mutex_);
  std::vector<BlockRef> kept_for_good_ GUARDED_BY(retired_mutex_);
  uint64_t retired_since_blocks_ GUARDED_BY(retired_mutex_) = 0;  // since the last Reclaim
  uint64_t retired_since_bytes_ GUARDED_BY(retired_mutex_) = 0;
  mutable base::Mutex mutex_;
  std::map<uint32_t, std::shared_ptr<Segment>> segments_ GUARDED_BY(mutex_);  // the toucher may share one
  uint32_t next_segment_ GUARDED_BY(mutex_) = 0;
  SegmentBases bases_;  // of segments_; set under mutex_
  std::list<uint32_t> empty_ GUARDED_BY(mutex_);  // segments without a run; the one that has been empty longest comes first
  uint64_t empty_bytes_ GUARDED_BY(mutex_) = 0;   // of the segments in empty_
  FreeExtents free_ GUARDED_BY(mutex_);
  std::list<Run> runs_ GUARDED_BY(mutex_);
  uint64_t large_bytes_ GUARDED_BY(mutex_) = 0;  // of runs that hold one large value
  std::array<std::set<Run*, LowestRunFirst>, kSizeClasses> roomy_ GUARDED_BY(mutex_);
  Toucher toucher_{[this] { return TouchAhead(); }};  // last: its thread ends before the other members are destroyed
};

}  // namespace remote_dram::store

#endif  // REMOTE_DRAM_STORE_ARENA_H_
