// Check: could a store with one sequence of mutations have given the answers in a history?
//
// Within an incarnation: every key is linearizable; transactions and reads at one instant are strictly serializable;
// real time is respected; conditions are judged correctly; listings are complete; each sequence number belongs to one
// mutation; each value that was read was written by some client. A write of unknown outcome counts if a read saw it;
// then it must have happened once, as a whole. Between incarnations: none answers after a later one has answered.
// And every call ends soon after its deadline.
// How: each answer names the sequence number at which it was true. So the checker does not search for an order: it looks
// the answer up in the sequence and compares it with the clients' clocks. Sorting dominates the running time.
// Memory: the violations view operations of the history. Threads: one. Failure: none.
// Limits: the first violations_kept_max violations are kept; all are counted.
#ifndef REMOTE_DRAM_TEST_HISTORY_CHECKER_H_
#define REMOTE_DRAM_TEST_HISTORY_CHECKER_H_

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "history/history.h"

namespace remote_dram::history {

inline constexpr size_t violations_kept_max = 1000;
// How long after its deadline a call may end: a grace period for transfers and a busy machine.
inline constexpr std::chrono::milliseconds late_max{2000};

struct Violation {
  std::string what;
  const Operation* operation = nullptr;  // null: the violation concerns the whole history
};

struct Verdict {
  uint64_t operations = 0;
  uint64_t done = 0;
  uint64_t refused = 0;
  uint64_t failed = 0;
  uint64_t unknown = 0;  // operations of unknown outcome, including those that never ended
  uint64_t adopted = 0;  // operations of unknown outcome that a read showed to have happened
  uint64_t incarnations = 0;
  std::chrono::milliseconds latest{0};  // the longest time by which a call exceeded its deadline
  uint64_t violations_found = 0;
  std::vector<Violation> violations;

  void Add(std::string what, const Operation* operation) {
    if (++violations_found <= violations_kept_max) violations.push_back({std::move(what), operation});
  }
};

Verdict Check(const History& history);

// For people. A verdict is one line; a violation also has lines for its operation and items.
std::string ToText(const Violation& violation);
std::string ToText(const Verdict& verdict);

}  // namespace remote_dram::history

#endif  // REMOTE_DRAM_TEST_HISTORY_CHECKER_H_
