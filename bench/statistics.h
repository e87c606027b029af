// Lap: one stretch of measuring and its figures; medians of several laps.
//
//   warm-up ──completion──► window opens ... ──completion after `window`──► closed
//
// A window opens and closes with a completion, so the rate is its operations divided by its length, however long one
// operation takes.
// Memory: values. Threads: one at a time. Failure: Fail, for a text without figures.
// Limits: a window holds at least Pace::operations_min operations.
#ifndef REMOTE_DRAM_BENCH_STATISTICS_H_
#define REMOTE_DRAM_BENCH_STATISTICS_H_

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace remote_dram::bench {

using Clock = std::chrono::steady_clock;
using TimePoint = Clock::time_point;

struct Pace {
  std::chrono::microseconds warm_up{};
  std::chrono::microseconds window{};
  size_t operations_min = 8;
};

struct Figures {
  double p50_us = 0;
  double p99_us = 0;
  double gigabytes_per_s = 0;  // 10^9
  double items_per_s = 0;      // operations; for batches and lists, keys
};

// Figures as one line of text, to send them to another process, and back.
std::string TextOf(const Figures& figures);
Figures FiguresOf(const std::string& text);

// A member of Figures.
using Figure = double Figures::*;

class Lap {
 public:
  Lap(const Pace& pace, TimePoint now) : pace_(pace), opened_(now + pace.warm_up) {}

  // Records a completed operation. False: the window is closed, so begin no other operation.
  bool Record(TimePoint started, TimePoint now);

  uint64_t operations() const { return operations_; }  // including those outside the window
  Figures Sum(size_t bytes_per_item, size_t items_per_operation = 1);

 private:
  enum class State { kWarmUp, kOpen, kClosed };

  const Pace pace_;
  State state_ = State::kWarmUp;
  TimePoint opened_;
  TimePoint closed_;
  uint64_t operations_ = 0;
  std::vector<uint32_t> nanoseconds_;
};

// The smallest value that a share `q` of the values does not exceed; 0 without values. Reorders the values.
template <typename T>
T Quantile(std::vector<T>& values, double q) {
  if (values.empty()) return T{};
  const auto rank = static_cast<size_t>(std::ceil(q * static_cast<double>(values.size())));
  const auto place = values.begin() + static_cast<ptrdiff_t>(std::max<size_t>(rank, 1) - 1);
  std::nth_element(values.begin(), place, values.end());
  return *place;
}
double Median(std::vector<double> values);

// The laps of one contender, one for each round.
using Laps = std::vector<Figures>;
double MedianOf(const Laps& laps, Figure figure);
Figures MedianOf(const Laps& laps);
// The median of the ratios of laps of the same round, because a disturbance of the machine affects both alike.
double MedianRatio(const Laps& laps, const Laps& against, Figure figure);

}  // namespace remote_dram::bench

#endif  // REMOTE_DRAM_BENCH_STATISTICS_H_
