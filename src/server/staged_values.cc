// StagedValues: one group per transaction, with one timer.
#include "server/staged_values.h"

#include <utility>

namespace remote_dram::server {

void StagedValues::Add(uint64_t transaction, store::Reservation value) {
  loop_->AssertHeld();
  if (refused_.count(transaction) > 0) return;
  Group& group = groups_[transaction];
  if (group.timer != 0) loop_->Cancel(group.timer);
  group.timer = loop_->At(loop_->Now() + staged_value_lifetime, [this, transaction] { groups_.erase(transaction); });
  const std::string key(value.key());
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

void StagedValues::Refuse(uint64_t transaction) {
  loop_->AssertHeld();
  Take(transaction);
  refused_.insert(transaction);
  if (refused_.size() > refused_transactions_max) refused_.erase(refused_.begin());
}

void StagedValues::Clear() {
  loop_->AssertHeld();
  for (const auto& [transaction, group] : groups_) loop_->Cancel(group.timer);
  groups_.clear();
}

}  // namespace remote_dram::server
