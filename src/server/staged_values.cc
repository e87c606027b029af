// StagedValues: one group per transaction, with one timer.
#include "server/staged_values.h"

#include <utility>

namespace remote_dram::server {

void StagedValues::Add(uint64_t transaction, store::GrowingValue value) {
  loop_->AssertHeld();
  if (refused_.count(transaction) > 0) return;
  Group& group = groups_[transaction];
  if (group.timer != 0) loop_->Cancel(group.timer);
  group.timer = loop_->At(loop_->Now() + staged_value_lifetime, [this, transaction] { groups_.erase(transaction); });
  const std::string key = value.key();
  group.values.insert_or_assign(key, std::move(value));
}

std::optional<store::GrowingValue> StagedValues::TakeUnfinished(uint64_t transaction, const std::string& key) {
  loop_->AssertHeld();
  const auto group = groups_.find(transaction);
  if (group == groups_.end()) return {};
  auto taken = group->second.values.extract(key);
  if (taken.empty()) return {};
  return std::move(taken.mapped());
}

store::Ahead StagedValues::Take(uint64_t transaction) {
  loop_->AssertHeld();
  const auto found = groups_.find(transaction);
  if (found == groups_.end()) return {};
  loop_->Cancel(found->second.timer);
  store::Ahead values;
  for (auto& [key, value] : found->second.values) {
    Result<store::Reservation> finished = value.Finish();
    if (finished.ok()) values.emplace(key, *std::move(finished));
  }
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
