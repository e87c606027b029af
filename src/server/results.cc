// Results: a window that moves with the client's floor.
#include "server/results.h"

#include <utility>

#include "base/planted_fault.h"
#include "wire/message.h"

namespace remote_dram::server {

Results::Verdict Results::Judge(uint64_t number, uint64_t floor) {
  if (number < first_) return Verdict::kForgotten;
  while (first_ < floor && !kept_.empty()) {
    kept_.pop_front();
    ++first_;
  }
  if (first_ < floor) first_ = floor;
  if (number - first_ >= wire::mutations_window_max) return Verdict::kTooFar;
  const uint64_t at = number - first_;
  const bool answered = at < kept_.size() && kept_[at].answered();
  return answered && !base::Planted(base::PlantedFault::kRepeatedIsApplied) ? Verdict::kRepeated : Verdict::kNew;
}

void Results::Remember(uint64_t number, std::string message, std::string payload) {
  if (number < first_) return;  // the client has lost interest meanwhile
  const uint64_t at = number - first_;
  if (at >= kept_.size()) kept_.resize(at + 1);
  kept_[at] = {std::move(message), std::move(payload)};
}

}  // namespace remote_dram::server
