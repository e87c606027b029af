// Lap: one stretch of measuring, and the figures that come out of it; medians of several.
//
//   warm-up ──completion──► window opens ... ──completion after `window`──► closed
//
// A window opens and closes with a completion, so operations divided by its length is the rate, however long
// one of them takes.
// Memory: values. Threads: one at a time. Failure: none; a window holds kOperationsMin at least.
#ifndef REMOTE_DRAM_BENCH_STATISTICS_H_
#define REMOTE_DRAM_BENCH_STATISTICS_H_

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace remote_dram::bench {

using Clock = std::chrono::steady_clock;
using TimePoint = Clock::time_point;

struct Pace {
  std::chrono::microseconds warm_up{};
  std::chrono::microseconds window{};
};

struct Figures {
  double p50_us = 0;
  double p99_us = 0;
  double gigabytes_per_s = 0;  // 10^9
};

class Lap {
 public:
  static constexpr size_t kOperationsMin = 4;

  Lap(const Pace& pace, TimePoint now) : pace_(pace), opened_(now + pace.warm_up) {}

  // An operation is over. False: the window is closed, begin no other one.
  bool Record(TimePoint started, TimePoint now);

  uint64_t operations() const { return operations_; }  // outside of the window, too
  Figures Sum(size_t bytes_per_operation);

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

}  // namespace remote_dram::bench

#endif  // REMOTE_DRAM_BENCH_STATISTICS_H_
