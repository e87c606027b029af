// Targets: the limits that figures have to meet, as data; with `--check`, the bench fails if one is missed.
//
// Memory and threads: constants. Failure: none.
#ifndef REMOTE_DRAM_BENCH_TARGETS_H_
#define REMOTE_DRAM_BENCH_TARGETS_H_

#include <string>
#include <vector>

#include "bench/contender.h"

namespace remote_dram::bench {

struct Goal {
  enum class Is { kAtMost, kAtLeast };
  Is is;
  double value;

  bool IsMet(double measured) const { return is == Is::kAtMost ? measured <= value : measured >= value; }
  std::string Text() const;  // "≤ 1.50"
};

// A target of a row: a goal for one of our figures, either in the figure's own unit or divided by the same figure of
// another contender.
struct Target {
  enum class Against { kNothing, kBound, kSocket, kMemcached, kRedis };  // kSocket: the faster bare Unix socket
  Figure figure;
  Against against;
  Goal goal;

  std::string Text() const;  // "p50 ≤ 1.50 × bound"
};

std::vector<Target> TargetsOf(std::string_view path, const Load& load);

// Goals of the modes that do not compare contenders.
inline constexpr Goal kIdlePercent{Goal::Is::kAtMost, 1};           // of one processor, server and all clients together
inline constexpr Goal kKeyOverheadBytes{Goal::Is::kAtMost, 200};    // resident bytes of a key, without those of its value
inline constexpr Goal kGrowthMebibytes{Goal::Is::kAtMost, 4};       // maximum in the second half of the requests, less that in the first
inline constexpr Goal kScalingRatio{Goal::Is::kAtLeast, 0.95};      // speed-up by a second reader, divided by that of a bare copy loop
// The latest call, less the machine's longest pause: a loop that missed a wake-up is woken by a timer within a second.
inline constexpr Goal kLatestMilliseconds{Goal::Is::kAtMost, 500};

}  // namespace remote_dram::bench

#endif  // REMOTE_DRAM_BENCH_TARGETS_H_
