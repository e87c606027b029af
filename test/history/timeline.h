// Timeline: which number one incarnation's sequence had surely reached by a time, and which it had surely not reached.
//
// A number answered before a time had been reached by then; the number of a write that began after it had not. The
// checker uses clocks for this, and for the order of incarnations and the deadlines of calls (checker.cc).
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
  // From the operations of one incarnation; those that were not answered, or whose incarnation is unknown, are ignored.
  explicit Timeline(std::span<const Operation* const> operations);

  // The number of the newest mutation that had surely happened before this time; 0 if none had.
  uint64_t NewestBefore(uint64_t time_ns) const;
  // The number of the oldest mutation that surely happened after this time; no_number if none is known.
  uint64_t OldestAfter(uint64_t time_ns) const;

 private:
  using Point = std::pair<uint64_t, uint64_t>;  // a time and a number
  std::vector<Point> reached_;  // sorted by the time of the answer, with the greatest number up to then
  std::vector<Point> begun_;    // sorted by the time of the call, with the smallest number from then on
};

}  // namespace remote_dram::history

#endif  // REMOTE_DRAM_TEST_HISTORY_TIMELINE_H_
