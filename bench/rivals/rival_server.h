// Rivals: other stores installed on this machine, started as children that end with the bench.
//
// Memory: none. Threads: one. Failure: Fail, if an installed program does not start. A missing program is not a failure:
// IsInstalled tells.
// Limits: rival_memory_mebibytes, rival_start_time_max.
#ifndef REMOTE_DRAM_BENCH_RIVALS_RIVAL_SERVER_H_
#define REMOTE_DRAM_BENCH_RIVALS_RIVAL_SERVER_H_

#include <chrono>
#include <string>
#include <vector>

namespace remote_dram::bench {

// Memcached never returns memory from one value size to another, so the cold rows of all sizes have to fit at once: with
// the default flags six sets of at most 1.25 GiB, plus overhead.
inline constexpr int rival_memory_mebibytes = 10240;
inline constexpr std::chrono::seconds rival_start_time_max{10};

inline const std::vector<std::string> kRivals = {"memcached", "redis"};

bool IsInstalled(const std::string& rival);

// Runs in the child: starts the rival on a Unix socket or on a port of 127.0.0.1, with one thread, tells the parent the
// address, and ends the rival when standard input ends.
void ServeRival(const std::string& rival, bool tcp);

}  // namespace remote_dram::bench

#endif  // REMOTE_DRAM_BENCH_RIVALS_RIVAL_SERVER_H_
