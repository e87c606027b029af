// Check: is a history what a store with one sequence could have answered?
//
// Within an incarnation: every key linearizable, transactions and reads at one instant strictly serialisable,
// real time respected, conditions judged rightly, listings complete, every number given once, every value
// written by somebody. A write whose outcome nobody knows counts if somebody saw it, once, as a whole. Between
// incarnations: none answers after a later one did. And every call ends soon after its deadline.
// How: each answer says at which number of the sequence it was true, so there is no order to search for; it is
// looked up, and compared with the clocks of the clients. Sorting is all that takes time.
// Memory: the violations view operations of the history. Threads: one. Failure: none.
// Limits: of violations the first violations_kept_max are told, all are counted.
#ifndef REMOTE_DRAM_TEST_HISTORY_CHECKER_H_
#define REMOTE_DRAM_TEST_HISTORY_CHECKER_H_

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "history/history.h"

namespace remote_dram::history {

inline constexpr size_t violations_kept_max = 1000;
// After its deadline a call may take this long to end: a grace for transfers, and a busy machine.
inline constexpr std::chrono::milliseconds late_max{2000};

struct Violation {
  std::string what;
  const Operation* operation = nullptr;  // null: of the whole
};

struct Verdict {
  uint64_t operations = 0;
  uint64_t done = 0;
  uint64_t refused = 0;
  uint64_t failed = 0;
  uint64_t unknown = 0;  // the outcome; with those that never ended
  uint64_t adopted = 0;  // of the unknown: seen to have happened
  uint64_t incarnations = 0;
  std::chrono::milliseconds latest{0};  // the most that a call took beyond its deadline
  uint64_t violations_found = 0;
  std::vector<Violation> violations;

  void Add(std::string what, const Operation* operation) {
    if (++violations_found <= violations_kept_max) violations.push_back({std::move(what), operation});
  }
};

Verdict Check(const History& history);

// One line, for people.
std::string ToText(const Violation& violation);
std::string ToText(const Verdict& verdict);

}  // namespace remote_dram::history

#endif  // REMOTE_DRAM_TEST_HISTORY_CHECKER_H_
