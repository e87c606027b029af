// Incarnation: judges each operation by the versions of its keys at the operation's place in the sequence.
#include <algorithm>

#include "history/incarnation.h"
#include "history/value.h"

namespace remote_dram::history {

void Incarnation::Judge() {
  Gather();
  for (const Operation* each : operations_) JudgeOne(*each);
}

void Incarnation::JudgeOne(const Operation& operation) const {
  if (const auto adopted = adoptions_->find(&operation); adopted != adoptions_->end()) {
    if (adopted->second.incarnation == id_) JudgeWrite(operation, adopted->second.number);
    return;
  }
  if (!Answered(operation) || operation.incarnation != id_) return;
  // An operation that began after an answer must not be older in the sequence than that answer; a write must be newer.
  const bool numbered = operation.kind == Kind::kWrite && operation.end == End::kDone;
  if (operation.sequence < timeline_.NewestBefore(operation.began_ns) + (numbered ? 1 : 0)) {
    Tell("stale: what had been answered before it began stands later in the sequence", operation);
  }
  if (operation.end == End::kRefused) return JudgeRefusal(operation);
  if (operation.kind == Kind::kRead) return JudgeRead(operation);
  if (operation.kind == Kind::kWrite) return JudgeWrite(operation, operation.sequence);
  if (operation.kind == Kind::kList) return JudgeList(operation);
}

void Incarnation::JudgeRead(const Operation& read) const {
  for (const Item& item : ItemsOf(read)) {
    const KeyHistory& key = keys_[item.key];
    if (item.what == What::kNothing) {
      if (const char* why = key.WhyNotNothing(read.sequence)) Tell(why, read);
      continue;
    }
    if (const char* why = key.WhyNotVersion(item.sequence, read.sequence)) Tell(why, read);
    const Version* known = key.Find(item.sequence);
    const bool both_values = known != nullptr && known->what == What::kValue && item.what == What::kValue;
    if (both_values && known->value != item.value) Tell("one number was seen with two values", read);
    const bool size_told = known != nullptr && known->what == What::kValue && item.what == What::kVersion && item.value != 0;
    if (size_told && item.value != ValueBytes(known->value)) Tell("a version was seen with another size", read);

    const bool is = item.condition == Condition::kIs && item.sequence == item.expected;
    const bool is_not = item.condition == Condition::kIsNot && item.sequence != item.expected;
    const bool holds = item.condition == Condition::kNone || is || is_not;
    if (item.what == What::kValue && !holds) Tell("a read went ahead although its condition did not hold", read);
    if (item.what == What::kVersion && item.condition != Condition::kNone && holds) {
      Tell("a read was refused although its condition held", read);
    }
  }
}

// Why an item's condition cannot have held at that moment; null if it can.
const char* Incarnation::WhyNot(const Item& item, uint64_t moment) const {
  const KeyHistory& key = keys_[item.key];
  if (item.condition == Condition::kForeign) return "it expects a version of another incarnation";
  if (item.condition == Condition::kMissing) return key.WhyNotNothing(moment);
  if (item.condition == Condition::kIs) return key.WhyNotVersion(item.expected, moment);
  return nullptr;
}

void Incarnation::JudgeWrite(const Operation& write, uint64_t number) const {
  for (const Item& item : ItemsOf(write)) {
    const char* why = WhyNot(item, number - 1);
    if (why != nullptr) Tell(std::string("a write went ahead although its condition did not hold: ") + why, write);
  }
}

void Incarnation::JudgeRefusal(const Operation& write) const {
  const auto surely = [this, moment = write.sequence](const Item& item) {
    const KeyHistory& key = keys_[item.key];
    if (item.condition == Condition::kMissing) return key.SurelyNothing(moment);
    if (item.condition == Condition::kIs) return key.SurelyVersion(item.expected, moment);
    return item.condition == Condition::kNone;
  };
  const std::span<const Item> items = ItemsOf(write);
  if (std::all_of(items.begin(), items.end(), surely)) Tell("a write was refused although every condition held", write);
}

// A page shows every mutation up to its sequence; it may also show mutations that happened before it was answered.
void Incarnation::JudgeList(const Operation& list) const {
  const uint64_t first = list.sequence, last = timeline_.OldestAfter(list.ended_ns) - 1;
  uint32_t next = list.first_key;
  const auto skipped = [this, &list, first, last](uint32_t key) {
    if (keys_[key].SurelyThere(first, last)) Tell("a listing left out a key that was there all the time", list);
  };
  for (const Item& item : ItemsOf(list)) {
    if (item.key < next || item.key >= list.end_key) return Tell("a listing is out of order, or out of its range", list);
    for (; next < item.key; ++next) skipped(next);
    next = item.key + 1;
    if (keys_[item.key].SurelyNotThere(first, last)) Tell("a listing has a key that was not there at any time", list);
    if (!keys_[item.key].MayHaveBytes(item.value, first, last)) Tell("a listing has a size that no version had", list);
  }
  for (; next < list.end_key; ++next) skipped(next);
}

}  // namespace remote_dram::history
