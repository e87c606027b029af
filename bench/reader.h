// Reader: a process that reads values in one of several ways when it is told to, to see how two of them scale.
//
// Memory: owns its child, which has its own memory for the bare loops, and a mapping of our server's.
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
  // It reads keys 0 to load.keys-1, which the server at `address` holds already.
  Reader(int cpu, const Load& load, const Pace& pace, const std::string& address);

  // "ours", or a bare copy loop.
  const std::vector<std::string>& ways() const { return ways_; }

  // Begin, then End, so that several can read at the same time.
  void Begin(const std::string& way) { child_.Tell(way); }
  Figures End();

 private:
  Child child_;
  std::vector<std::string> ways_;
};

void BeReader(const std::vector<std::string>& arguments);  // the child's part

}  // namespace remote_dram::bench

#endif  // REMOTE_DRAM_BENCH_READER_H_
