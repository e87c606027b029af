// Arena: what mapping clients need: segments to hand out, and blocks that are not reused while a client may have them pinned.
#include <algorithm>
#include <utility>

#include <fcntl.h>

#include "base/planted_fault.h"
#include "store/arena.h"

namespace remote_dram::store {

std::vector<uint32_t> Arena::SharedSegments() const {
  std::vector<uint32_t> numbers;
  base::MutexLock lock(mutex_);
  for (const auto& [number, segment] : segments_) {
    if (segment->memory().valid()) numbers.push_back(number);
  }
  return numbers;
}

std::optional<Arena::SharedSegment> Arena::Share(uint32_t segment) const {
  base::MutexLock lock(mutex_);
  const auto at = segments_.find(segment);
  if (at == segments_.end() || !at->second->memory().valid()) return std::nullopt;
  const int fd = at->second->memory().fd();
  SharedSegment shared{at->second->bytes(), base::Descriptor([fd] { return fcntl(fd, F_DUPFD_CLOEXEC, 0); })};
  if (!shared.memory.valid()) return std::nullopt;
  return shared;
}

Status Arena::Charge(uint64_t bytes) {
  Status taken = budget_.Take(bytes);
  if (taken.ok() || !pins_.any()) return taken;
  Reclaim();
  return budget_.Take(bytes);
}

void ReturnToArena(BlockHeader* block) {
  Arena& arena = block->run->arena();
  const bool maybe_pinned = block->state == BlockHeader::State::kShared && (arena.pins_.any() || arena.frozen_);
  maybe_pinned && !base::Planted(base::PlantedFault::kPinsIgnored) ? arena.Retire(block) : arena.Free(block);
}

void Arena::Retire(BlockHeader* block) {
  const uint64_t bytes = block->run->stride();
  bool look = false;
  {
    base::MutexLock lock(retired_mutex_);
    retired_.push_back(block);
    retired_since_bytes_ += bytes;
    const uint64_t blocks_max = retired_blocks_of_page * std::min(pins_.pages(), retired_blocks_pages_max);
    look = ++retired_since_blocks_ >= blocks_max || retired_since_bytes_ >= retired_bytes_max;
  }
  if (look) Reclaim();
}

void Arena::KeepForGood(BlockRef block) {
  if (sharing_ == Sharing::kPrivate) return;  // a child has its own copy of private memory
  base::MutexLock lock(retired_mutex_);
  kept_for_good_.push_back(std::move(block));
}

void Arena::Reclaim() {
  if (frozen_) return;
  std::vector<BlockHeader*> blocks;
  {
    base::MutexLock lock(retired_mutex_);
    blocks.swap(retired_);
    retired_since_blocks_ = retired_since_bytes_ = 0;
  }
  if (blocks.empty()) return;
  const std::vector<uint64_t> pinned = pins_.Look();  // all of `blocks` have left the index before the pins are read
  std::vector<BlockHeader*> kept;
  for (BlockHeader* block : blocks) {
    const uint64_t handle = block->run->AddressOf(block->payload()).handle();
    if (std::binary_search(pinned.begin(), pinned.end(), handle)) {
      kept.push_back(block);
    } else {
      Free(block);
    }
  }
  if (kept.empty()) return;
  base::MutexLock lock(retired_mutex_);
  retired_.insert(retired_.end(), kept.begin(), kept.end());
}

}  // namespace remote_dram::store
