// Rivals: other stores of this machine, started as children that end with the bench.
//
// Memory: none. Threads: one. Failure: Fail, if a program that is installed does not start; one that is not
// installed is no failure.
// Limits: rival_memory_mebibytes, rival_start_time_max.
#ifndef REMOTE_DRAM_BENCH_RIVALS_RIVAL_SERVER_H_
#define REMOTE_DRAM_BENCH_RIVALS_RIVAL_SERVER_H_

#include <chrono>
#include <string>
#include <vector>

namespace remote_dram::bench {

// Memcached keeps for each size what it once had for it: four sets of 1.25 GiB and two that differ, and room.
inline constexpr int rival_memory_mebibytes = 10240;
inline constexpr std::chrono::seconds rival_start_time_max{10};

inline const std::vector<std::string> kRivals = {"memcached", "redis"};

bool IsInstalled(const std::string& rival);

// The child's part: starts the rival on a Unix socket or on a port of 127.0.0.1, with one thread, tells the
// address, and ends it when the parent has ended.
void ServeRival(const std::string& rival, bool tcp);

}  // namespace remote_dram::bench

#endif  // REMOTE_DRAM_BENCH_RIVALS_RIVAL_SERVER_H_
