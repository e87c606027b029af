// Values that came ahead: a group for each transaction, with one timer.
#include "server/staged_values.h"

#include <utility>

namespace remote_dram::server {

void StagedValues::Add(uint64_t transaction, store::Reservation value) {
  loop_->AssertHeld();
  Group& group = groups_[transaction];
  if (group.timer != 0) loop_->Cancel(group.timer);
  group.timer = loop_->At(loop_->Now() + staged_value_lifetime, [this, transaction] { groups_.erase(transaction); });
  const std::string key = value.key();
  group.values.insert_or_assign(key, std::move(value));
}

store::Ahead StagedValues::Take(uint64_t transaction) {
  loop_->AssertHeld();
  const auto found = groups_.find(transaction);
  if (found == groups_.end()) return {};
  loop_->Cancel(found->second.timer);
  store::Ahead values = std::move(found->second.values);
  groups_.erase(found);
  return values;
}

void StagedValues::Clear() {
  loop_->AssertHeld();
  for (const auto& [transaction, group] : groups_) loop_->Cancel(group.timer);
  groups_.clear();
}

}  // namespace remote_dram::server
