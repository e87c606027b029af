// LoadClient: the verbs that read, and the items that record their answers.
#include <algorithm>

#include "history/in_place.h"
#include "history/load_client.h"

namespace remote_dram::history {
namespace {

constexpr std::chrono::milliseconds kWait{50};  // most waits see a change within this timeout, some do not

uint64_t Told(const Generation& generation) { return generation.incarnation(); }  // 0 if it is not a value's

// Records a read's condition in `item`, for an answer of this incarnation.
void AddCondition(const Generation& is, const Generation& is_not, uint64_t incarnation, Item* item) {
  if (is.kind() == Generation::Kind::kValue) {
    item->condition = is.incarnation() == incarnation ? Condition::kIs : Condition::kForeign;
    item->expected = is.sequence();
  } else if (is_not.kind() == Generation::Kind::kValue) {
    item->condition = Condition::kIsNot;
    item->expected = is_not.incarnation() == incarnation ? is_not.sequence() : 0;  // no version has 0
  }
}

}  // namespace

// A range that is valid for every value size.
ByteRange LoadClient::PickRange() {
  const auto smallest = static_cast<int64_t>(cell_bytes);
  switch (Below(4)) {
    case 0: return {};
    case 1: return {0, smallest};
    case 2: return {-smallest, -1};
    default: return {0, -1};
  }
}

Item LoadClient::SeenVersion(uint32_t key, const Generation& generation, uint64_t value_bytes) {
  Learn(key, generation);
  Item item;
  item.key = key;
  if (generation.kind() != Generation::Kind::kValue) return item;
  item.what = What::kVersion;
  item.sequence = generation.sequence();
  item.value = value_bytes;
  return item;
}

Item LoadClient::Seen(uint32_t key, const GetResult& got, const ByteRange& range, const Generation& is,
                      const Generation& is_not) {
  Item item = SeenVersion(key, got.generation, got.value_bytes);
  const bool missing = got.state == ReadState::kMissing;
  if (missing != (item.what == What::kNothing)) Complain("a read contradicts itself: missing or not?");
  if (missing) return item;
  AddCondition(is, is_not, Told(got.generation), &item);
  if (got.state == ReadState::kConditionFailed) return item;
  item.what = What::kValue;
  const auto at = static_cast<uint64_t>(range.min);
  item.value = IdOf(got.value.bytes(), range.min < 0 ? got.value_bytes + at : at, got.value_bytes).value_or(foreign_id);
  if (range.full() && got.value.size() != got.value_bytes) item.value = foreign_id;
  return item;
}

uint64_t LoadClient::Get() {
  const uint32_t key = PickKey();
  GetOptions options;
  options.range = PickRange();
  // A range within one of the usual sizes; the value may be smaller.
  const bool guessed = Below(4) == 0;
  if (guessed) {
    const uint64_t size = value_sizes[2 + Below(4)];
    options.range.min = Below(size - range_bytes_min);
    options.range.max = options.range.min + static_cast<int64_t>(range_bytes_min + Below(size - options.range.min - range_bytes_min + 1));
  }
  options.view = Below(2) != 0;
  if (!options.view) options.into = {into_.data(), into_.size()};
  const uint32_t dice = Below(8);
  if (dice == 0) options.if_not_generation = seen_[key];
  if (dice == 1) options.if_generation = seen_[key].kind() == Generation::Kind::kValue ? seen_[key] : Generation();
  const Begun begun = Begin();
  options.timeout = begun.timeout;
  const Result<GetResult> got = client_->Get(Name(key), options);
  if (!got.ok()) {
    // OUT_OF_RANGE is right if the value is smaller, but tells nothing to judge. It is recorded as a failed read.
    const bool too_far = guessed && got.status().code() == StatusCode::kOutOfRange;
    AddFailed(Kind::kRead, begun, too_far ? Status(StatusCode::kDeadlineExceeded, "") : got.status());
    return too_far ? 1 : 0;
  }
  const Item item = Seen(key, *got, options.range, options.if_generation, options.if_not_generation);
  AddRead(begun, Told(got->generation), got->sequence, {&item, 1});
  if (options.view && options_.path == Path::kMapped && IsInPlace(*got, Name(key), options, &*client_)) {
    ++in_place_;
    incarnations_in_place_.insert(got->generation.incarnation());
  }
  return 1;
}

uint64_t LoadClient::Stat() {
  const uint32_t key = PickKey();
  const Begun begun = Begin();
  StatOptions options;
  options.timeout = begun.timeout;
  const Result<StatResult> stat = client_->Stat(Name(key), options);
  if (!stat.ok()) return AddFailed(Kind::kRead, begun, stat.status()), 0;
  const Item item = SeenVersion(key, stat->generation, stat->value_bytes);
  AddRead(begun, Told(stat->generation), stat->sequence, {&item, 1});
  return 1;
}

uint64_t LoadClient::Wait() {
  const uint32_t key = PickKey();
  const Begun begun = Begin(kWait);
  WaitOptions options;
  options.timeout = begun.timeout;
  if (seen_[key].known()) options.while_generation = seen_[key];
  const Result<StatResult> changed = client_->Wait(Name(key), options);
  if (!changed.ok()) return AddFailed(Kind::kRead, begun, changed.status()), 0;
  if (changed->generation == options.while_generation) Complain("a wait ended though nothing had changed");
  const Item item = SeenVersion(key, changed->generation, changed->value_bytes);
  AddRead(begun, Told(changed->generation), changed->sequence, {&item, 1});
  return 1;
}

uint64_t LoadClient::BatchRead(bool at_one_instant) {
  const std::vector<uint32_t> keys = PickKeys(2 + Below(5));
  std::vector<ReadOperation> operations;
  for (const uint32_t key : keys) {
    ReadOperation& each = operations.emplace_back();
    each.key = Name(key);
    each.range = PickRange();
    each.stat = Below(5) == 0;
    if (Below(6) == 0) each.if_not_generation = seen_[key];
  }
  const Begun begun = Begin();
  BatchReadOptions options;
  options.at_one_instant = at_one_instant;
  options.timeout = begun.timeout;
  const Result<BatchReadResult> read = client_->BatchRead(operations, options);
  if (!read.ok()) return AddFailed(Kind::kRead, begun, read.status()), 0;
  std::vector<Item> items;
  uint64_t told = 0;
  for (size_t i = 0; i < keys.size(); ++i) {
    const Result<GetResult>& got = read->results[i];
    if (!got.ok()) {
      AddFailed(Kind::kRead, begun, got.status());
      continue;
    }
    const ReadOperation& asked = operations[i];
    const Item item = asked.stat && got->state == ReadState::kValue
                          ? SeenVersion(keys[i], got->generation, got->value_bytes)
                          : Seen(keys[i], *got, asked.range, {}, asked.if_not_generation);
    items.push_back(item);
    told = std::max(told, Told(got->generation));
    if (!at_one_instant) AddRead(begun, Told(got->generation), got->sequence, {&item, 1});
  }
  if (at_one_instant && !items.empty()) AddRead(begun, told, read->sequence, items);
  return at_one_instant ? 1 : items.size();
}

}  // namespace remote_dram::history
