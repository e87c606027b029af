// Timeline: how far one incarnation's sequence had surely come by a time, and what it had surely not reached.
//
// What was answered before a time was reached by then; what was begun after it was not. That is all that
// clocks are used for.
// Memory: two numbers per operation. Threads: built by one; const access from any. Failure: none.
#ifndef REMOTE_DRAM_TEST_HISTORY_TIMELINE_H_
#define REMOTE_DRAM_TEST_HISTORY_TIMELINE_H_

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "history/record.h"

namespace remote_dram::history {

// A number that no mutation has.
inline constexpr uint64_t no_number = ~uint64_t{0};

inline bool Answered(const Operation& operation) {
  return operation.end == End::kDone || operation.end == End::kRefused;
}

class Timeline {
 public:
  // Of one incarnation; those without an answer, or that may be of another, tell nothing.
  explicit Timeline(std::span<const Operation* const> operations);

  // The newest mutation that had surely happened before this time; 0: none.
  uint64_t NewestBefore(uint64_t time_ns) const;
  // The oldest mutation that surely happened after this time; no_number: none is known.
  uint64_t OldestAfter(uint64_t time_ns) const;

 private:
  using Point = std::pair<uint64_t, uint64_t>;  // a time and a number
  std::vector<Point> reached_;  // by the time of the answer, the greatest number until then
  std::vector<Point> begun_;    // by the time of the call, the smallest number from then on
};

}  // namespace remote_dram::history

#endif  // REMOTE_DRAM_TEST_HISTORY_TIMELINE_H_
