// ServeBare: the bound's server, which runs in the child. It has one value, without look-up or locks.
//
// Memory: one prepared value, the value put last, and a place for each put under way, of bytes_max each. Threads: one.
// Failure: Fail.
// Limits: it polls all the time, but sleeps when nothing has arrived for bare_linger, so that it does not take the
// processor from another contender's lap.
#ifndef REMOTE_DRAM_BENCH_BOUND_BARE_SERVER_H_
#define REMOTE_DRAM_BENCH_BOUND_BARE_SERVER_H_

#include <chrono>

#include "remote_dram/client.h"

namespace remote_dram::bench {

inline constexpr std::chrono::milliseconds bare_linger{10};

void ServeBare(Path path, int connections, size_t bytes_max);

}  // namespace remote_dram::bench

#endif  // REMOTE_DRAM_BENCH_BOUND_BARE_SERVER_H_
