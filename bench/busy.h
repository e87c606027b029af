// Busy: processes that compute all the time, distributed over the two processors of servers and clients.
//
// Memory: owns the processes, which end with the object. Threads: one. Failure: Fail.
#ifndef REMOTE_DRAM_BENCH_BUSY_H_
#define REMOTE_DRAM_BENCH_BUSY_H_

#include <deque>
#include <string>

#include "bench/child.h"
#include "bench/process.h"

namespace remote_dram::bench {

class Busy {
 public:
  explicit Busy(int processes) {
    for (int i = 0; i < processes; ++i) {
      children_.emplace_back(std::vector<std::string>{"--role", "busy " + std::to_string(i % 2)});
    }
  }

 private:
  std::deque<Child> children_;
};

void BeBusy();  // runs in the child until its standard input ends

}  // namespace remote_dram::bench

#endif  // REMOTE_DRAM_BENCH_BUSY_H_
