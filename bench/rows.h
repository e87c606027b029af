// Rows: the table of a contest. For each load: the bound with the highest rate (a target for p50 is judged by the one with
// the shortest p50, which may be another), ours, the rivals, and whether targets are met.
//
// Memory: the report must outlive it. Threads: one. Failure: Fail, if a row has no score of ours; a missed target is noted
// in the report.
#ifndef REMOTE_DRAM_BENCH_ROWS_H_
#define REMOTE_DRAM_BENCH_ROWS_H_

#include <optional>
#include <string>
#include <vector>

#include "bench/contest.h"
#include "bench/report.h"
#include "bench/targets.h"

namespace remote_dram::bench {

class Rows {
 public:
  // Every rival in `rivals` (names) gets its columns, whether it takes part or not.
  Rows(const std::string& mode, const std::string& title, std::vector<std::string> rivals, Report& report);
  void Add(const std::string& path, const Load& load, const std::vector<Score>& scores) const;

 private:
  Report& report_;
  nlohmann::json& json_;
  const std::vector<std::string> rivals_;
  const Table table_;
};

// The bound that is best in this figure: the shortest time, or the highest rate. Null if there is none.
const Score* BestBound(const std::vector<Score>& scores, Figure figure);

// The value to compare with a target's goal: our figure, or its ratio to the opponent's. Nothing if ours or the opponent
// has no laps.
std::optional<double> Measured(const Target& target, const std::vector<Score>& scores);

}  // namespace remote_dram::bench

#endif  // REMOTE_DRAM_BENCH_ROWS_H_
