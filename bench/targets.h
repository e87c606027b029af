// Targets: what a figure has to be, as data; `--check` fails if one is missed.
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

// Of a row: a figure of ours, alone or divided by that of another contender. Absolute ones are in the
// figure's own unit.
struct Target {
  enum class Against { kNothing, kBound, kSocket, kMemcached, kRedis };  // kSocket: the faster bare Unix socket
  Figure figure;
  Against against;
  Goal goal;

  std::string Text() const;  // "p50 ≤ 1.50 of the bound"
};

std::vector<Target> TargetsOf(std::string_view path, const Load& load);

// Of what is no row of contenders.
inline constexpr Goal kIdlePercent{Goal::Is::kAtMost, 1};           // of one processor, server and all clients
inline constexpr Goal kKeyOverheadBytes{Goal::Is::kAtMost, 200};    // resident, beside the value
inline constexpr Goal kGrowthMebibytes{Goal::Is::kAtMost, 4};       // the most of the second half of the requests, less that of the first
inline constexpr Goal kScalingRatio{Goal::Is::kAtLeast, 0.95};      // of two readers, to that of copying

}  // namespace remote_dram::bench

#endif  // REMOTE_DRAM_BENCH_TARGETS_H_
