// Model: applies calls to a table, in the order in which they happen.
#include "history/model.h"

#include <algorithm>
#include <queue>

#include "history/value.h"

namespace remote_dram::history {
namespace {

constexpr uint32_t kHalf = Model::keys / 2;
constexpr uint32_t kTimeout = 1000;  // ms

}  // namespace

History Model::Run(int operations) {
  std::priority_queue<Pending> under_way;
  for (int i = 0; i < clients; ++i) under_way.push(Next());
  for (int i = 0; i < operations; ++i) {
    Pending pending = under_way.top();
    under_way.pop();
    now_ns_ = pending.happens_ns;
    Happen(pending);
    history_.Add(pending.operation, pending.items);
    // The client's next call begins after this one has ended.
    const uint64_t now = std::exchange(now_ns_, pending.operation.ended_ns);
    under_way.push(Next());
    now_ns_ = now;
    if (Below(300) == 0) Restart();
  }
  return std::move(history_);
}

Model::Pending Model::Next() {
  Pending next;
  Operation& operation = next.operation;
  operation.began_ns = now_ns_ + 1 + Below(50);
  next.happens_ns = operation.began_ns + 1 + Below(100);
  operation.ended_ns = next.happens_ns + 1 + Below(100);
  operation.timeout_ms = kTimeout;
  operation.incarnation = incarnation_;  // for now, the incarnation of the versions that its conditions expect
  constexpr Kind kMix[] = {Kind::kRead,  Kind::kRead,        Kind::kRead,      Kind::kWrite,
                           Kind::kWrite, Kind::kDeleteRange, Kind::kCopyRange, Kind::kList};
  operation.kind = kMix[Below(Below(8) == 0 ? 8 : 5)];
  if (operation.kind != Kind::kRead && operation.kind != Kind::kWrite) {
    operation.first_key = static_cast<uint32_t>(Below(kHalf - 2));
    operation.end_key = operation.first_key + 1 + static_cast<uint32_t>(Below(3));
    if (operation.kind == Kind::kCopyRange) operation.target_key = operation.first_key + kHalf;
    if (operation.kind == Kind::kList) operation.end_key = keys;
    return next;
  }
  const uint64_t wanted = Below(3) == 0 ? 3 : 1;
  for (uint32_t key = static_cast<uint32_t>(Below(keys)); next.items.size() < wanted; key = (key + 5) % keys) {
    Item& item = next.items.emplace_back();
    item.key = key;
    if (operation.kind != Kind::kWrite) continue;
    item.what = Below(4) == 0 ? What::kNothing : What::kValue;
    if (item.what == What::kValue) item.value = MakeId(0, ++values_, Below(3));
    if (Below(2) == 0) continue;
    const auto at = table_.find(key);
    const bool known = at != table_.end() && shown_.count({key, at->second.number}) > 0;
    item.condition = known && Below(8) != 0 ? Condition::kIs : Condition::kMissing;
    if (item.condition == Condition::kIs) item.expected = at->second.number;
  }
  return next;
}

void Model::Happen(Pending& pending) {
  Operation& operation = pending.operation;
  if (std::exchange(operation.incarnation, incarnation_) != incarnation_) {
    for (Item& item : pending.items) {
      if (item.condition == Condition::kIs) item.condition = Condition::kForeign;
    }
  }
  const bool lost = Below(12) == 0;
  if (lost && Below(2) == 0) {  // the request was lost
    operation.end = operation.kind == Kind::kRead || operation.kind == Kind::kList ? End::kFailed : End::kUnknown;
    return;
  }
  operation.end = End::kDone;
  switch (operation.kind) {
    case Kind::kRead: Read(pending); break;
    case Kind::kWrite: Write(pending); break;
    case Kind::kDeleteRange: DeleteRange(pending); break;
    case Kind::kCopyRange: CopyRange(pending); break;
    case Kind::kList: List(pending); break;
  }
  if (!lost) {
    const bool wrote = operation.kind == Kind::kWrite && operation.end == End::kDone;
    for (const Item& item : pending.items) shown_.emplace(item.key, wrote ? operation.sequence : item.sequence);
    return;
  }
  // The answer was lost.
  const bool reads = operation.kind == Kind::kRead || operation.kind == Kind::kList;
  operation.end = reads ? End::kFailed : End::kUnknown;
  operation.sequence = 0;
  if (Below(2) == 0) operation.incarnation = 0;
}

void Model::Read(Pending& pending) {
  const bool stale = Misbehave(Fault::kStaleRead), all = Misbehave(Fault::kStaleAll);
  const bool torn = pending.items.size() > 1 && Misbehave(Fault::kTornSnapshot);
  const bool foreign = Misbehave(Fault::kForeignValue), missing = Misbehave(Fault::kMissing);
  pending.operation.sequence = sequence_;
  for (Item& item : pending.items) {
    const auto now = table_.find(item.key), then = before_.find(item.key);
    const bool old = (stale || all || (torn && &item == &pending.items.front())) && then != before_.end();
    if (now == table_.end() || missing) continue;
    const Version& seen = old ? then->second : now->second;
    item.what = Below(4) == 0 ? What::kVersion : What::kValue;
    item.value = item.what == What::kVersion ? ValueBytes(seen.value) : seen.value;
    item.sequence = seen.number;
    if (foreign) item.what = What::kValue, item.value = foreign_id;
    if (old && all) pending.operation.sequence = seen.number;
  }
}

bool Model::Holds(const Item& item) const {
  const auto at = table_.find(item.key);
  if (item.condition == Condition::kMissing) return at == table_.end();
  if (item.condition == Condition::kForeign) return false;
  return item.condition == Condition::kNone || (at != table_.end() && at->second.number == item.expected);
}

void Model::Put(uint32_t key, const Version& version) {
  const auto at = table_.find(key);
  if (at != table_.end()) before_[key] = at->second;
  if (version.what == What::kNothing) table_.erase(key), before_.erase(key);
  else table_[key] = version;
}

void Model::Write(Pending& pending) {
  Operation& operation = pending.operation;
  const bool hold = std::all_of(pending.items.begin(), pending.items.end(), [this](const Item& item) { return Holds(item); });
  if ((!hold && !Misbehave(Fault::kConditionIgnored)) || (hold && Misbehave(Fault::kRefusedWrongly))) {
    operation.end = End::kRefused;
    operation.sequence = sequence_;
    return;
  }
  const bool twice = pending.items.size() == 1 && sequence_ > 0 && Misbehave(Fault::kNumberTwice);
  const uint64_t number = twice ? sequence_ : ++sequence_;
  operation.sequence = number;
  const bool half = pending.items.size() > 1 && Misbehave(Fault::kHalfTransaction);
  const bool lost = Misbehave(Fault::kLostUpdate);
  for (const Item& item : pending.items) {
    if (lost || (half && &item == &pending.items.back())) continue;
    Put(item.key, {number, item.value, item.what});
  }
  if (Misbehave(Fault::kRefusedButApplied)) operation.end = End::kRefused;
  for (const Item& item : std::exchange(again_, {})) Put(item.key, {++sequence_, item.value, item.what});
  if (Misbehave(Fault::kAppliedTwice)) again_ = pending.items;
}

void Model::DeleteRange(Pending& pending) {
  const uint32_t first = pending.operation.first_key + (fault_ == Fault::kRangeKeepsOne ? 1 : 0);
  for (uint32_t key = first; key < pending.operation.end_key; ++key) {
    if (table_.count(key) > 0) Put(key, {++sequence_, 0, What::kNothing});
  }
  pending.operation.sequence = sequence_;
}

void Model::CopyRange(Pending& pending) {
  const Operation& copy = pending.operation;
  for (uint32_t key = copy.first_key; key < copy.end_key; ++key) {
    const bool old = fault_ == Fault::kCopyOfOld && before_.count(key) > 0;
    if (table_.count(key) == 0) continue;
    Put(copy.target_key + (key - copy.first_key), {++sequence_, (old ? before_ : table_)[key].value, What::kValue});
  }
  pending.operation.sequence = sequence_;
}

void Model::List(Pending& pending) {
  pending.operation.sequence = sequence_;
  const bool skip = Misbehave(Fault::kListSkips), invent = Misbehave(Fault::kListInvents);
  for (uint32_t key = pending.operation.first_key; key < pending.operation.end_key; ++key) {
    const auto at = table_.find(key);
    if (at == table_.end() ? !invent : skip && key % 3 == 0) continue;
    Item& item = pending.items.emplace_back();
    item.key = key;
    item.what = What::kVersion;
    item.value = at == table_.end() ? value_sizes[0] : ValueBytes(at->second.value);
  }
}

void Model::Restart() {
  if (fault_ == Fault::kOldIncarnation) {
    Operation late;
    late.began_ns = now_ns_ + 1'000'000;
    late.ended_ns = late.began_ns + 1;
    late.incarnation = incarnation_;
    late.sequence = sequence_;
    late.end = End::kDone;
    history_.Add(late, {});
  }
  ++incarnation_;
  sequence_ = 0;
  table_.clear();
  before_.clear();
  again_.clear();
  shown_.clear();
}

}  // namespace remote_dram::history
