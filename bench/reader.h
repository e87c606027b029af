// Reader: a process that reads values in one of several ways on command, to measure how two such processes scale.
//
// Memory: owns its child, which has its own memory for the bare loops, and a mapping of our server's memory.
// Threads: one. Failure: Fail.
#ifndef REMOTE_DRAM_BENCH_READER_H_
#define REMOTE_DRAM_BENCH_READER_H_

#include <string>
#include <vector>

#include "bench/child.h"
#include "bench/contender.h"

namespace remote_dram::bench {

class Reader {
 public:
  // Reads keys 0 to load.keys-1, which the server at `address` must already hold.
  Reader(int cpu, const Load& load, const Pace& pace, const std::string& address);

  // "ours" and the names of the bare copy loops.
  const std::vector<std::string>& ways() const { return ways_; }

  // Begin starts a lap, End waits for its figures; separate calls let several readers run at the same time. Readers read
  // the same keys in laps of the same round.
  void Begin(const std::string& way, int round) { child_.Tell(way + " " + std::to_string(round)); }
  Figures End();

 private:
  Child child_;
  std::vector<std::string> ways_;
};

void BeReader(const std::vector<std::string>& arguments);  // runs in the child

}  // namespace remote_dram::bench

#endif  // REMOTE_DRAM_BENCH_READER_H_
