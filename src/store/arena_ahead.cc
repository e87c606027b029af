// Arena: touches pages in advance, so that no Allocate waits for the system to clear them.
#include <algorithm>

#include "store/arena.h"

namespace remote_dram::store {

std::shared_ptr<Segment> Arena::SegmentToTouch() {
  const uint64_t room = (budget_.limit_bytes() - budget_.used_bytes()) / kSegmentBytes;
  // Only large values count: small ones fill a segment slowly, and whoever stores only small ones minds the extra memory.
  const uint64_t wanted = std::min({large_bytes_ / kSegmentBytes, room, touched_ahead_segments_max});
  uint64_t touched = 0;
  for (const uint32_t number : empty_) {
    if (touched == wanted) return nullptr;
    const std::shared_ptr<Segment>& segment = segments_.at(number);
    if (segment->FirstUnreserved()) return segment;
    ++touched;
  }
  const bool another = touched < wanted && empty_bytes_ + kSegmentBytes <= EmptyBytesMax();
  return another && AddSegment(kSegmentBytes).ok() ? segments_.rbegin()->second : nullptr;
}

bool Arena::TouchAhead() {
  std::shared_ptr<Segment> segment;
  {
    base::MutexLock lock(mutex_);
    segment = SegmentToTouch();
  }
  const std::optional<uint64_t> first = segment ? segment->FirstUnreserved() : std::nullopt;
  if (!first) return false;
  const uint64_t pages = std::min(touched_at_once_bytes, segment->bytes() - *first * kPageBytes) / kPageBytes;
  return segment->Reserve(*first, pages).ok();  // safe even if a value has taken the segment meanwhile
}

}  // namespace remote_dram::store
