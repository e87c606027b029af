// WriteJson: looks up the values of versions, and writes one line for each key that an operation on a range may have changed.
#include "history/convert.h"

#include <algorithm>
#include <map>
#include <optional>
#include <ostream>
#include <set>
#include <string>
#include <tuple>
#include <utility>

namespace remote_dram::history {
namespace {

using Version = std::tuple<uint64_t, uint32_t, uint64_t>;  // incarnation, key, number
using Place = std::pair<uint32_t, uint64_t>;               // a value under a key

// The values that the reads and writes of a history name.
struct Known {
  std::map<Version, uint64_t> values;
  std::set<Place> written;
  std::set<Place> found;  // seen by reads
};

Known Gather(const History& history) {
  Known known;
  for (const Operation* each : history.operations()) {
    for (const Item& item : ItemsOf(*each)) {
      if (item.what != What::kValue) continue;
      const bool read = each->kind == Kind::kRead;
      (read ? known.found : known.written).emplace(item.key, item.value);
      if (each->end != End::kDone || each->incarnation == 0) continue;
      known.values[{each->incarnation, item.key, read ? item.sequence : each->sequence}] = item.value;
    }
  }
  return known;
}

class Line {
 public:
  Line(std::ostream& out, const char* op, const Operation& operation, bool unknown) : out_(out) {
    out_ << "{\"op\":\"" << op << "\",\"inv\":" << operation.began_ns << ",\"ret\":";
    if (unknown) out_ << "null";
    else out_ << operation.ended_ns;
    out_ << ",\"inc\":";
    if (operation.incarnation == 0) out_ << "null";
    else out_ << operation.incarnation;
    out_ << ",\"keys\":{";
  }
  // A missing `value` becomes null.
  void Key(uint32_t key, std::optional<uint64_t> value, const char* name = nullptr, uint64_t number = 0) {
    out_ << (std::exchange(first_, false) ? "\"" : ",\"") << key << "\":{\"val\":";
    if (value) out_ << *value;
    else out_ << "null";
    if (name != nullptr) out_ << ",\"" << name << "\":" << number;
    out_ << "}";
  }
  void End() { out_ << "}}\n"; }
  void End(uint64_t sequence, bool ok) { out_ << "},\"seq\":" << sequence << ",\"ok\":" << (ok ? "true" : "false") << "}\n"; }

 private:
  std::ostream& out_;
  bool first_ = true;
};

void WriteRead(const Known& known, const Operation& read, std::ostream& out) {
  Line line(out, "read", read, false);
  for (const Item& item : ItemsOf(read)) {
    if (item.what == What::kNothing) {
      line.Key(item.key, std::nullopt, "seq", read.sequence);
      continue;
    }
    const auto value = known.values.find({read.incarnation, item.key, item.sequence});
    const bool has_value = item.what == What::kValue;
    if (!has_value && value == known.values.end()) continue;
    line.Key(item.key, has_value ? item.value : value->second, "seq", item.sequence);
  }
  line.End();
}

// Whether the JSON form can express the item's condition.
bool Expressible(const Known& known, const Operation& write, const Item& item) {
  if (item.what == What::kKept || item.condition == Condition::kForeign) return false;
  return item.condition != Condition::kIs || known.values.count({write.incarnation, item.key, item.expected}) > 0;
}

void WriteWrite(const Known& known, const Operation& write, std::ostream& out) {
  const std::span<const Item> items = ItemsOf(write);
  const auto expressible = [&known, &write](const Item& item) { return Expressible(known, write, item); };
  const bool all = std::all_of(items.begin(), items.end(), expressible);
  if (write.end == End::kFailed || (write.end == End::kRefused && !all)) return;
  const bool unknown = !(write.end == End::kDone || write.end == End::kRefused) || write.incarnation == 0;
  Line line(out, "write", write, unknown);
  for (const Item& item : items) {
    if (item.what == What::kKept) continue;
    const bool is = item.condition == Condition::kIs, none = item.condition == Condition::kNone;
    const char* const name = none || !expressible(item) ? nullptr : "exp";
    line.Key(item.key, item.what == What::kValue ? std::optional(item.value) : std::nullopt, name, is ? item.expected : 0);
  }
  line.End(write.sequence, write.end != End::kRefused);
}

void WriteUnknown(const Operation& operation, uint32_t key, std::optional<uint64_t> value, std::ostream& out) {
  Line line(out, "write", operation, true);
  line.Key(key, value);
  line.End(0, true);
}

}  // namespace

void WriteJson(const History& history, std::ostream& out) {
  const Known known = Gather(history);
  std::map<std::pair<uint64_t, uint32_t>, const Operation*> first_copies;  // by incarnation and target
  for (const Operation* each : history.operations()) {
    const bool done = each->end == End::kDone && each->incarnation != 0;
    const bool may_be = each->end != End::kFailed && each->end != End::kRefused;
    if (each->kind == Kind::kRead && done && each->items > 0) WriteRead(known, *each, out);
    if (each->kind == Kind::kWrite) WriteWrite(known, *each, out);
    for (uint32_t key = each->first_key; key < each->end_key && may_be; ++key) {
      if (each->kind == Kind::kDeleteRange) WriteUnknown(*each, key, std::nullopt, out);
      if (each->kind != Kind::kCopyRange) continue;
      const Operation*& first = first_copies[{each->incarnation, each->target_key + (key - each->first_key)}];
      if (first == nullptr || each->began_ns < first->began_ns) first = each;
    }
  }
  // Values that were read under a key to which no client wrote them, so only a copy can have brought them there.
  for (const auto& [place, copy] : first_copies) {
    for (auto at = known.found.lower_bound({place.second, 0}); at != known.found.end() && at->first == place.second; ++at) {
      if (known.written.count(*at) == 0) WriteUnknown(*copy, at->first, at->second, out);
    }
  }
}

}  // namespace remote_dram::history
