// Writers: finds the operation that wrote a value, in any incarnation. Adoptions: the writes of unknown outcome that a
// read showed to have happened.
//
// Memory: views of the history. Threads: built by one; Adoptions belong to one thread. Failure: a value that was written
// twice is a violation.
#ifndef REMOTE_DRAM_TEST_HISTORY_WRITERS_H_
#define REMOTE_DRAM_TEST_HISTORY_WRITERS_H_

#include <algorithm>
#include <unordered_map>
#include <utility>
#include <vector>

#include "history/checker.h"

namespace remote_dram::history {

class Writers {
 public:
  struct Writer {
    const Operation* operation = nullptr;
    const Item* item = nullptr;
  };

  Writers(const History& history, Verdict* verdict) {
    for (const Operation* each : history.operations()) {
      if (each->kind != Kind::kWrite) continue;
      for (const Item& item : ItemsOf(*each)) {
        if (item.what == What::kValue) by_value_.push_back({each, &item});
      }
    }
    const auto by_id = [](const Writer& a, const Writer& b) { return a.item->value < b.item->value; };
    std::sort(by_value_.begin(), by_value_.end(), by_id);
    for (size_t i = 1; i < by_value_.size(); ++i) {
      if (by_id(by_value_[i - 1], by_value_[i])) continue;
      verdict->Add("this is no history: a value was written twice", by_value_[i].operation);
    }
  }

  // The writer of a value; its `operation` is null if no client wrote the value.
  Writer Of(uint64_t value) const {
    const auto at = std::lower_bound(by_value_.begin(), by_value_.end(), value,
                                     [](const Writer& writer, uint64_t id) { return writer.item->value < id; });
    return at != by_value_.end() && at->item->value == value ? *at : Writer();
  }

 private:
  std::vector<Writer> by_value_;
};

struct Adoption {
  uint64_t incarnation = 0;
  uint64_t number = 0;
};
using Adoptions = std::unordered_map<const Operation*, Adoption>;

}  // namespace remote_dram::history

#endif  // REMOTE_DRAM_TEST_HISTORY_WRITERS_H_
