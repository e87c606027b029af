// The modes of the bench: each measures one thing, prints a table and adds to the report.
//
// Memory and threads: nothing outlives the call. Failure: Fail, but never because something is slow.
#ifndef REMOTE_DRAM_BENCH_MODES_H_
#define REMOTE_DRAM_BENCH_MODES_H_

#include <string>
#include <vector>

#include "bench/contender.h"
#include "bench/report.h"

namespace remote_dram::bench {

struct Flags {
  bool complete = false;  // a missing rival or TensorStore is an error; otherwise it is left out
  std::vector<Path> paths{Path::kMapped, Path::kSocket, Path::kShm, Path::kTcp};
  // speed
  std::vector<Verb> verbs{Verb::kGet, Verb::kView, Verb::kPut};
  std::vector<size_t> sizes{64, 4 << 10, 64 << 10, 1 << 20, 16 << 20, 64 << 20};
  std::vector<int> in_flight{1, 8};
  // Cold rows have this many keys, or fewer if their values would exceed cold_bytes; more than any cache holds.
  size_t cold_keys = 1'000'000;
  size_t cold_bytes = size_t{1280} << 20;
  int rounds = 5;
  Pace pace{std::chrono::milliseconds(30), std::chrono::milliseconds(100)};
  // wheel
  std::string python = REMOTE_DRAM_BENCH_PYTHON;
  // idle
  int idle_clients = 100;
  std::chrono::milliseconds idle_time{10'000};
  uint64_t requests = 1'000'000;    // asleep and memory
  uint64_t keys = 1'000'000;        // keys
  uint64_t listed_keys = 100'000;   // many
};

void Speed(const Flags& flags, Report& report);
void Many(const Flags& flags, Report& report);
void Crowded(const Flags& flags, Report& report);
void Wheel(const Flags& flags, Report& report);
void Idle(const Flags& flags, Report& report);
void Asleep(const Flags& flags, Report& report);
void Memory(const Flags& flags, Report& report);
void Keys(const Flags& flags, Report& report);

}  // namespace remote_dram::bench

#endif  // REMOTE_DRAM_BENCH_MODES_H_
