// The modes of the bench: each measures one thing, prints a table and adds to the report.
//
// Memory and threads: nothing outlives the call. Failure: Fail; never because something is slow.
#ifndef REMOTE_DRAM_BENCH_MODES_H_
#define REMOTE_DRAM_BENCH_MODES_H_

#include <string>
#include <vector>

#include "bench/contender.h"
#include "bench/report.h"

namespace remote_dram::bench {

struct Flags {
  std::vector<Path> paths{Path::kShm, Path::kTcp};
  // speed
  std::vector<Verb> verbs{Verb::kGet, Verb::kPut};
  std::vector<size_t> sizes{64, 4 << 10, 64 << 10, 1 << 20, 16 << 20};
  std::vector<int> in_flight{1, 8};
  int rounds = 5;
  Pace pace{std::chrono::milliseconds(30), std::chrono::milliseconds(200)};
  // idle
  std::chrono::milliseconds idle_time{10'000};
  // memory, keys
  uint64_t requests = 1'000'000;
  uint64_t keys = 100'000;
};

void Speed(const Flags& flags, Report& report);
void Idle(const Flags& flags, Report& report);
void Memory(const Flags& flags, Report& report);
void Keys(const Flags& flags, Report& report);

}  // namespace remote_dram::bench

#endif  // REMOTE_DRAM_BENCH_MODES_H_
