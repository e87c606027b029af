// Results: a window of replies that moves with the client's floor.
#include "server/results.h"

#include <algorithm>

#include "base/planted_fault.h"
#include "wire/message.h"

namespace remote_dram::server {

Results::Verdict Results::Judge(uint64_t number, uint64_t floor) {
  if (number < floor_) return Verdict::kForgotten;
  floor_ = std::max(floor_, floor);
  if (number - floor_ >= wire::mutations_window_max) return Verdict::kTooFar;
  const uint64_t at = number - kept_from_;
  const bool answered = at < kept_.size() && kept_[at].answered();
  return answered && !base::Planted(base::PlantedFault::kRepeatedIsApplied) ? Verdict::kRepeated : Verdict::kNew;
}

void Results::Remember(uint64_t number, std::string_view message, std::span<const std::string_view> payload) {
  for (; kept_from_ < floor_ && !kept_.empty(); ++kept_from_) kept_.pop_front();
  if (kept_.empty()) kept_from_ = floor_;
  if (number < floor_) return;  // the client no longer needs this reply
  const uint64_t at = number - kept_from_;
  if (at >= kept_.size()) kept_.resize(at + 1);
  Remembered& result = kept_[at] = Remembered{};
  result.message.append(message.data(), message.size());
  for (const std::string_view piece : payload) result.payload.append(piece);
}

}  // namespace remote_dram::server
