// Incarnation: gathers the versions of each key that are known, and the windows in which others are possible.
#include <algorithm>
#include <iterator>
#include <tuple>

#include "history/incarnation.h"
#include "history/value.h"

namespace remote_dram::history {

Incarnation::Incarnation(uint64_t id, std::span<const Operation* const> operations, const Writers& writers,
                         Adoptions* adoptions, Verdict* verdict)
    : id_(id), operations_(operations), writers_(writers), adoptions_(adoptions), verdict_(verdict),
      timeline_(operations) {
  uint32_t keys = 0;
  for (const Operation* each : operations_) {
    keys = std::max({keys, each->end_key, each->target_key + (each->end_key - each->first_key)});
    for (const Item& item : ItemsOf(*each)) keys = std::max(keys, item.key + 1);
  }
  keys_.resize(keys);
  copies_.resize(keys);
  copy_windows_.resize(keys);
}

void Incarnation::Gather() {
  for (const Operation* each : operations_) {
    if (each->kind == Kind::kWrite && Settled(*each)) AddWrite(*each, each->sequence);
  }
  for (KeyHistory& key : keys_) key.SettleVersions();
  const std::vector<Found> unplaced = FindUnplaced();
  for (const Found& found : unplaced) {
    if (found.item->what == What::kValue) Place(found);
  }
  for (KeyHistory& key : keys_) key.SettleVersions();
  std::copy_if(unplaced.begin(), unplaced.end(), std::back_inserter(unread_), [this](const Found& found) {
    return found.item->what == What::kVersion && keys_[found.item->key].Find(found.item->sequence) == nullptr;
  });
  const auto same = [](const Found& a, const Found& b) {
    return a.item->key == b.item->key && a.item->sequence == b.item->sequence;
  };
  unread_.erase(std::unique(unread_.begin(), unread_.end(), same), unread_.end());  // keeps the greatest size of each
  for (const Found& found : unread_) keys_[found.item->key].Add({found.item->sequence, found.item->value, What::kVersion});
  for (KeyHistory& key : keys_) key.SettleVersions();
  AddWindows();
  for (KeyHistory& key : keys_) key.SettleWindows();
  for (Windows& each : copy_windows_) each.Settle();
  AddSureCopies();
  CheckCopies();
  CheckUnread();
  CheckNumbers();
}

void Incarnation::AddWrite(const Operation& write, uint64_t number) {
  for (const Item& item : ItemsOf(write)) {
    if (item.what != What::kKept) keys_[item.key].Add({number, item.value, item.what});
  }
  given_.push_back({number, &write, 0});
}

std::vector<Incarnation::Found> Incarnation::FindUnplaced() const {
  std::vector<Found> unplaced;
  for (const Operation* each : operations_) {
    if (each->kind != Kind::kRead || each->end != End::kDone) continue;
    for (const Item& item : ItemsOf(*each)) {
      if (item.what != What::kNothing && keys_[item.key].Find(item.sequence) == nullptr) unplaced.push_back({each, &item});
    }
  }
  // Keeps each version once, however often it was seen; two values under one number remain two entries.
  const auto order = [](const Found& a, const Found& b) {
    return std::tuple(a.item->key, a.item->sequence, a.item->what, b.item->value) <
           std::tuple(b.item->key, b.item->sequence, b.item->what, a.item->value);
  };
  std::sort(unplaced.begin(), unplaced.end(), order);
  const auto same = [&order](const Found& a, const Found& b) { return !order(a, b); };
  unplaced.erase(std::unique(unplaced.begin(), unplaced.end(), same), unplaced.end());
  return unplaced;
}

// Finds the write, or the copy, that made the version which a read found.
void Incarnation::Place(const Found& found) {
  const Item& item = *found.item;
  const Writers::Writer writer = writers_.Of(item.value);
  if (writer.operation == nullptr) return Tell("a value was read that nobody wrote", *found.read);
  const Operation& write = *writer.operation;
  if (write.incarnation != 0 && write.incarnation != id_) {
    return Tell("a value was read that was written in another incarnation", *found.read);
  }
  if (write.end == End::kRefused) return Tell("a value was read whose write was refused", *found.read);
  if (write.end == End::kFailed) return Tell("a value was read whose write had failed", *found.read);
  if (writer.item->key != item.key) {
    const Version copy{item.sequence, item.value, What::kValue};
    keys_[item.key].Add(copy);
    copied_.emplace_back(item.key, copy);
    given_.push_back({item.sequence, nullptr, item.key});
    return;
  }
  if (write.end == End::kDone && write.sequence != item.sequence) {
    return Tell("a value was read under a number that is not its write's", *found.read);
  }
  Adopt(write, found);
}

void Incarnation::Adopt(const Operation& write, const Found& found) {
  const uint64_t number = found.item->sequence;
  const auto [adopted, is_new] = adoptions_->emplace(&write, Adoption{id_, number});
  const bool same = adopted->second.incarnation == id_ && adopted->second.number == number;
  if (!same) return Tell("one write was applied twice", write);
  if (!is_new) return;  // already adopted when a read found another key of the same write
  ++verdict_->adopted;
  AddWrite(write, number);
  if (number <= timeline_.NewestBefore(write.began_ns)) Tell("a write took place before it began", write);
}

void Incarnation::AddWindows() {
  for (const Operation* each : operations_) {
    const bool may_be = each->end == End::kNever || each->end == End::kUnknown || each->end == End::kDone;
    const bool known = each->kind == Kind::kWrite && (Settled(*each) || adoptions_->contains(each));
    if (each->kind == Kind::kRead || each->kind == Kind::kList || !may_be || known) continue;
    const Window window{timeline_.NewestBefore(each->began_ns), Settled(*each) ? each->sequence : no_number};
    if (each->kind == Kind::kCopyRange) AddCopy(*each, window);
    for (uint32_t key = each->first_key; each->kind == Kind::kDeleteRange && key < each->end_key; ++key) {
      keys_[key].maybe_deleted.Add(window);
      if (Settled(*each)) keys_[key].surely_deleted.Add(window);
    }
    for (const Item& item : ItemsOf(*each)) {
      if (item.what == What::kNothing) keys_[item.key].maybe_deleted.Add(window);
      if (item.what == What::kValue) keys_[item.key].maybe_written.Add(window);
    }
  }
}

void Incarnation::AddCopy(const Operation& copy, Window window) {
  for (uint32_t source = copy.first_key; source < copy.end_key; ++source) {
    const uint32_t target = copy.target_key + (source - copy.first_key);
    keys_[target].maybe_written.Add(window);
    copy_windows_[target].Add(window);
    copies_[target].push_back({&copy, source, window});
  }
}

// An acknowledged copy surely made a version of each target key whose source existed during the whole window.
void Incarnation::AddSureCopies() {
  for (uint32_t target = 0; target < keys_.size(); ++target) {
    for (const Copy& copy : copies_[target]) {
      const Window& window = copy.window;
      if (window.until == no_number || !keys_[copy.source].SurelyThere(window.after, window.until)) continue;
      keys_[target].surely_written.Add(window);
    }
    keys_[target].surely_written.Settle();
  }
}

// A copy has the value that its source had at the moment of the copy. The copy may be the only trace of a write of
// unknown outcome; such a write explains the copy, too.
void Incarnation::CheckCopies() const {
  for (const auto& [key, version] : copied_) {
    const Writers::Writer writer = writers_.Of(version.value);
    const bool doubtful = !Settled(*writer.operation) && !adoptions_->contains(writer.operation);
    const auto explains = [this, &writer, doubtful, target = key, made = version](size_t place) {
      const uint32_t from = copies_[target][place].source;
      const Version source = keys_[from].At(made.number);
      const bool has_it = source.what == What::kVersion || (source.what == What::kValue && source.value == made.value);
      return has_it || (doubtful && writer.item->key == from);
    };
    if (copy_windows_[key].Any(version.number, explains)) continue;
    Tell("a value was read under a key where nobody wrote or copied it", *writer.operation);
  }
}

void Incarnation::CheckUnread() const {
  for (const Found& found : unread_) {
    const uint64_t number = found.item->sequence;
    if (!keys_[found.item->key].maybe_written.Meet({number - 1, number})) Tell("a version was seen that nobody made", *found.read);
  }
}

void Incarnation::CheckNumbers() {
  std::sort(given_.begin(), given_.end(), [](const Given& a, const Given& b) { return a.number < b.number; });
  for (size_t i = 1; i < given_.size(); ++i) {
    if (given_[i].number != given_[i - 1].number) continue;
    verdict_->Add("one number was given to two mutations", given_[i].operation);
  }
}

}  // namespace remote_dram::history
