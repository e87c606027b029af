// Timeline: numbers sorted by time; each point holds the maximum of all points before it, or the minimum of all after it.
#include "history/timeline.h"

#include <algorithm>

namespace remote_dram::history {

Timeline::Timeline(std::span<const Operation* const> operations) {
  for (const Operation* each : operations) {
    if (!Answered(*each) || each->incarnation == 0) continue;
    reached_.emplace_back(each->ended_ns, each->sequence);
    if (each->kind == Kind::kWrite && each->end == End::kDone) begun_.emplace_back(each->began_ns, each->sequence);
  }
  std::sort(reached_.begin(), reached_.end());
  uint64_t newest = 0;
  for (Point& each : reached_) each.second = newest = std::max(newest, each.second);
  std::sort(begun_.begin(), begun_.end());
  uint64_t oldest = no_number;
  for (auto each = begun_.rbegin(); each != begun_.rend(); ++each) each->second = oldest = std::min(oldest, each->second);
}

uint64_t Timeline::NewestBefore(uint64_t time_ns) const {
  const auto at = std::lower_bound(reached_.begin(), reached_.end(), Point{time_ns, 0});
  return at == reached_.begin() ? 0 : std::prev(at)->second;
}

uint64_t Timeline::OldestAfter(uint64_t time_ns) const {
  const auto at = std::upper_bound(begun_.begin(), begun_.end(), Point{time_ns, no_number});
  return at == begun_.end() ? no_number : at->second;
}

}  // namespace remote_dram::history
