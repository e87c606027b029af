// Arena: allocates and frees blocks under one lock, which is never held while memory is unmapped.
#include "store/arena.h"

#include <algorithm>
#include <cstring>
#include <string>

#include "base/bytes.h"
#include "base/check.h"

namespace remote_dram::store {
namespace {

constexpr uint64_t kBlockBytesMax = uint64_t{1} << 47;  // more than a process can map; sums of sizes cannot overflow

}  // namespace

Arena::~Arena() {
  for (bool more = true; more;) {  // freeing a link may retire its target
    std::vector<BlockHeader*> blocks;
    std::vector<BlockRef> kept;
    {
      base::MutexLock lock(retired_mutex_);
      blocks.swap(retired_);
      kept.swap(kept_for_good_);
    }
    more = !blocks.empty() || !kept.empty();
    kept.clear();
    for (BlockHeader* block : blocks) Free(block);  // whatever is pinned: the arena ends
  }
  base::MutexLock lock(mutex_);
  RD_CHECK(runs_.empty());  // otherwise a block would outlive its memory
}

Result<PrivateBlock> Arena::Allocate(uint64_t bytes, std::string_view key) {
  if (bytes > kBlockBytesMax) {
    return Status(StatusCode::kResourceExhausted, "no machine has " + base::HumanBytes(bytes) + " of memory");
  }
  return AllocateShape(wire::MappedBlock::Of(wire::BlockKind::kValue, bytes, key.size()), key);
}

Result<PrivateBlock> Arena::AllocateLink(BlockRef target, std::string_view key) {
  RD_CHECK(!target.block_->is_link());
  Result<PrivateBlock> link =
      AllocateShape(wire::MappedBlock::Of(wire::BlockKind::kLink, target.size(), key.size()), key);
  if (!link.ok()) return link;
  const wire::MappedLink to{target.address().handle(), reinterpret_cast<uint64_t>(target.block_)};
  std::memcpy(link->sole_.block_->payload(), &to, sizeof to);
  target.block_ = nullptr;  // the link owns the reference now
  return link;
}

Result<PrivateBlock> Arena::AllocateShape(const wire::MappedBlock& shape, std::string_view key) {
  const uint64_t bytes = shape.payload_bytes() + key.size();
  const uint64_t cost = StrideOf(bytes) + kEntryBytes;
  if (Status charged = Charge(cost); !charged.ok()) return charged;
  BlockHeader* block = nullptr;
  Segment* segment = nullptr;
  {
    base::MutexLock lock(mutex_);
    const Result<BlockHeader*> taken = Take(bytes);
    if (!taken.ok()) {
      budget_.Give(cost);
      return taken.status();
    }
    block = *taken;
    if (!block->run->size_class()) segment = segments_[block->run->extent().segment].get();
  }
  block->self = wire::MappedBlock::Of(wire::BlockKind::kValue, 0, 0);  // not yet a link: if Reserve fails, Free must not read a target
  // Outside the lock: no other block has pages of a large value, so others need not wait until the system has cleared them.
  const Extent& extent = block->run->extent();
  const Status reserved = segment == nullptr ? Status() : segment->Reserve(extent.page, extent.pages);
  if (!reserved.ok()) {
    Free(block);
    return reserved;
  }
  block->self = shape;
  key.copy(block->payload() + shape.payload_bytes(), key.size());  // not memcpy: an empty key's data may be null
  block->references.store(1, std::memory_order_relaxed);
  return PrivateBlock(block);
}

bool Arena::Shorten(PrivateBlock& block, uint64_t bytes) {
  BlockHeader& header = *block.sole_.block_;
  RD_CHECK(bytes <= header.self.value_bytes());
  if (bytes < kQuarterPageBytesMin) return false;
  const std::string key(header.key());
  Run& run = *header.run;
  const uint64_t stride = run.stride(), shorter = StrideOf(bytes + key.size());
  if (stride > kSegmentBytes && shorter < stride / 2) return false;
  header.self = wire::MappedBlock::Of(wire::BlockKind::kValue, bytes, key.size());
  key.copy(header.payload() + bytes, key.size());
  if (shorter < stride) {
    base::MutexLock lock(mutex_);
    const Unneeded none = GivePages(run.Shorten(shorter / kPageBytes));  // the segment still has the rest of this run
    large_bytes_ -= stride - shorter;
  }
  budget_.Give(stride - shorter);
  return true;
}

Result<BlockHeader*> Arena::Take(uint64_t bytes) {
  const std::optional<int> size_class = SizeClassOf(bytes);
  Run* run = nullptr;
  if (size_class && !roomy_[*size_class].empty()) {
    run = *roomy_[*size_class].begin();
  } else {
    const Result<Run*> started = StartRun(size_class, bytes);
    if (!started.ok()) return started.status();
    run = *started;
  }
  BlockHeader* const block = run->Take();
  if (size_class && run->full()) roomy_[*size_class].erase(run);
  return block;
}

Result<Run*> Arena::StartRun(std::optional<int> size_class, uint64_t bytes) {
  const uint64_t pages = size_class ? Run::PagesOf(*size_class) : StrideOf(bytes) / kPageBytes;
  const Result<Extent> extent = TakePages(pages);
  if (!extent.ok()) return extent.status();
  Segment& segment = *segments_[extent->segment];
  // A large value gets only the page of its header here; AllocateShape reserves the others without the lock.
  if (Status reserved = segment.Reserve(extent->page, size_class ? pages : 1); !reserved.ok()) {
    const Unneeded unneeded = GivePages(*extent);
    return reserved;
  }
  char* const base = segment.base() + extent->page * kPageBytes;
  Run& run = runs_.emplace_front(*this, *extent, base, size_class, bytes);
  run.self = runs_.begin();
  if (size_class) {
    roomy_[*size_class].insert(&run);
  } else {
    large_bytes_ += pages * kPageBytes;
  }
  return &run;
}

Result<Extent> Arena::TakePages(uint64_t pages) {
  std::optional<Extent> extent = free_.Take(pages);
  if (!extent) {
    if (Status added = AddSegment(std::max(pages * kPageBytes, kSegmentBytes)); !added.ok()) return added;
    extent = free_.Take(pages);
  }
  Segment& segment = *segments_[extent->segment];
  if (segment.pages_taken == 0) {
    empty_.erase(segment.empty);
    empty_bytes_ -= segment.bytes();
    if (sharing_ == Sharing::kShared && large_bytes_ + pages * kPageBytes >= kSegmentBytes) toucher_.Wake();
  }
  segment.pages_taken += pages;
  return *extent;
}

Status Arena::AddSegment(uint64_t bytes) {
  if (next_segment_ == UINT32_MAX) return Status(StatusCode::kResourceExhausted, "the numbers of segments are used up");
  Result<std::unique_ptr<Segment>> segment = Segment::Map(bytes, sharing_);
  if (!segment.ok()) return segment.status();
  if (!bases_.Set(next_segment_, (*segment)->base())) {
    return Status(StatusCode::kResourceExhausted, "no memory for the number of a segment");
  }
  (*segment)->empty = empty_.insert(empty_.end(), next_segment_);
  empty_bytes_ += (*segment)->bytes();
  segments_.emplace(next_segment_, *std::move(segment));
  free_.Give({next_segment_++, 0, bytes / kPageBytes});
  return Status();
}

void Arena::Free(BlockHeader* block) {
  Run& run = *block->run;
  const uint64_t cost = run.stride() + kEntryBytes;
  const BlockRef target = block->is_link() ? BlockRef(block->target()) : BlockRef();  // released after the link is freed
  Unneeded unneeded;
  {
    base::MutexLock lock(mutex_);
    const bool was_full = run.full();
    run.Give(block);
    if (run.empty()) {
      if (run.size_class()) {
        roomy_[*run.size_class()].erase(&run);
      } else {
        large_bytes_ -= run.extent().pages * kPageBytes;
      }
      unneeded = GivePages(run.extent());
      runs_.erase(run.self);
    } else if (was_full) {
      roomy_[*run.size_class()].insert(&run);
    }
  }
  unneeded.clear();  // outside the lock: unmapping takes milliseconds
  budget_.Give(cost);
}

uint64_t Arena::EmptyBytesMax() const {
  const uint64_t limit = budget_.limit_bytes();
  return std::max(kSegmentBytes, std::min({kept_bytes_max, limit / kept_share, limit - budget_.used_bytes()}));
}

Arena::Unneeded Arena::GivePages(Extent extent) {
  free_.Give(extent);
  Segment& segment = *segments_.at(extent.segment);
  segment.pages_taken -= extent.pages;
  Unneeded unneeded;
  if (segment.pages_taken > 0) return unneeded;
  segment.empty = empty_.insert(empty_.end(), extent.segment);
  empty_bytes_ += segment.bytes();
  const uint64_t bytes_max = EmptyBytesMax();
  if (segment.bytes() > bytes_max) Drop(extent.segment, &unneeded);
  while (empty_bytes_ > bytes_max) Drop(empty_.front(), &unneeded);
  return unneeded;
}

void Arena::Drop(uint32_t number, Unneeded* unneeded) {
  const auto at = segments_.find(number);
  Segment& segment = *at->second;
  free_.Remove({number, 0, segment.bytes() / kPageBytes});
  empty_.erase(segment.empty);
  empty_bytes_ -= segment.bytes();
  unneeded->push_back(std::move(at->second));
  segments_.erase(at);
}

ArenaUsage Arena::usage() const {
  base::MutexLock lock(mutex_);
  ArenaUsage usage{.segments = segments_.size(), .runs = runs_.size()};
  for (const auto& [number, segment] : segments_) usage.mapped_bytes += segment->bytes();
  for (const uint32_t number : empty_) usage.segments_touched_ahead += !segments_.at(number)->FirstUnreserved();
  return usage;
}

BlockAddress BlockRef::address() const { return block_->run->AddressOf(block_->payload()); }

}  // namespace remote_dram::store
