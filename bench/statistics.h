// Lap: one stretch of measuring, and the figures that come out of it; medians of several.
//
//   warm-up ──completion──► window opens ... ──completion after `window`──► closed
//
// A window opens and closes with a completion, so operations divided by its length is the rate, however long
// one of them takes.
// Memory: values. Threads: one at a time. Failure: Fail, for a text without figures. Limits: a window holds Pace::operations_min at least.
#ifndef REMOTE_DRAM_BENCH_STATISTICS_H_
#define REMOTE_DRAM_BENCH_STATISTICS_H_

#include <chrono>
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
  double items_per_s = 0;      // operations, or the keys of batches
};

// To another process, as one line of text, and back.
std::string TextOf(const Figures& figures);
Figures FiguresOf(const std::string& text);

// One of Figures.
using Figure = double Figures::*;

class Lap {
 public:
  Lap(const Pace& pace, TimePoint now) : pace_(pace), opened_(now + pace.warm_up) {}

  // An operation is over. False: the window is closed, begin no other one.
  bool Record(TimePoint started, TimePoint now);

  uint64_t operations() const { return operations_; }  // outside of the window, too
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

// The value that a share `q` of the values does not exceed. The values are put in another order.
uint32_t Quantile(std::vector<uint32_t>& values, double q);
double Median(std::vector<double> values);

// Of one contender, one for each round.
using Laps = std::vector<Figures>;
double MedianOf(const Laps& laps, Figure figure);
Figures MedianOf(const Laps& laps);
// Of laps of the same round, since a noisy neighbour disturbs both alike.
double MedianRatio(const Laps& laps, const Laps& against, Figure figure);

}  // namespace remote_dram::bench

#endif  // REMOTE_DRAM_BENCH_STATISTICS_H_
