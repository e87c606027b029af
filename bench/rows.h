// Rows: the table of contests: for each load the fastest bound, ours, the rivals, and whether targets are met.
//
// Memory: the report must outlive it. Threads: one. Failure: none; a missed target is noted in the report.
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
  // Rivals have columns, by their names, whether they take part or not.
  Rows(const std::string& mode, const std::string& title, std::vector<std::string> rivals, Report& report);
  void Add(const std::string& path, const Load& load, const std::vector<Score>& scores) const;

 private:
  Report& report_;
  nlohmann::json& json_;
  const std::vector<std::string> rivals_;
  const Table table_;
};

// The bound of a row is the one of the highest rate: with one in flight it has the shortest time, too. Null:
// there is none.
const Score* FastestBound(const std::vector<Score>& scores);

// What a target is about: a ratio of ours to another, or a figure of ours. Nothing, if the other is not there.
std::optional<double> Measured(const Target& target, const std::vector<Score>& scores);

}  // namespace remote_dram::bench

#endif  // REMOTE_DRAM_BENCH_ROWS_H_
