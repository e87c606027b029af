// Contest: all contenders that can run the loads of one path, measured in turns, row by row.
//
// Memory: owns its contenders, and so their servers, except OurServer. Threads: one. Failure: Fail.
#ifndef REMOTE_DRAM_BENCH_CONTEST_H_
#define REMOTE_DRAM_BENCH_CONTEST_H_

#include <string>
#include <vector>

#include "bench/modes.h"
#include "bench/ours.h"
#include "bench/report.h"

namespace remote_dram::bench {

// The result of one contender for one load; without laps if the contender does not take the load.
struct Score {
  enum class Role { kBound, kOurs, kRival };
  Role role;
  std::string name;
  Laps laps;
};

class Contest {
 public:
  Contest() = default;
  // With all contenders of a path, set up for these loads only.
  Contest(Path path, OurServer& server, const std::vector<Load>& loads);

  void Add(Score::Role role, std::unique_ptr<Contender> contender) {
    entrants_.push_back({role, std::move(contender)});
  }
  std::vector<Score> Measure(const Load& load, const Flags& flags, Buffers& buffers) const;

 private:
  struct Entrant {
    Score::Role role;
    std::unique_ptr<Contender> contender;
  };
  void AddAll(Score::Role role, Contenders contenders);

  std::vector<Entrant> entrants_;
};

// Measures the loads of each path and prints them as one table; `loads_of` returns the loads of a path.
void MeasureAll(const std::string& mode, const std::string& title, const Flags& flags,
                std::vector<Load> (*loads_of)(Path, const Flags&), Report& report);

}  // namespace remote_dram::bench

#endif  // REMOTE_DRAM_BENCH_CONTEST_H_
