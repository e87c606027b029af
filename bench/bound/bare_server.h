// ServeBare: the child's part of the bound, a server of one value, which it neither looks up nor guards.
//
// Memory: one prepared value, what was put last, and a place for each put under way, of bytes_max each. Threads: one.
// Failure: Fail.
// Limits: it polls always, but sleeps once nothing came for bare_linger, so as not to take the processor from
// whoever is measured in its turn.
#ifndef REMOTE_DRAM_BENCH_BOUND_BARE_SERVER_H_
#define REMOTE_DRAM_BENCH_BOUND_BARE_SERVER_H_

#include <chrono>

#include "remote_dram/client.h"

namespace remote_dram::bench {

inline constexpr std::chrono::milliseconds bare_linger{10};

void ServeBare(Path path, int connections, size_t bytes_max);

}  // namespace remote_dram::bench

#endif  // REMOTE_DRAM_BENCH_BOUND_BARE_SERVER_H_
