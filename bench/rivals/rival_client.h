// Rivals as contenders: raw clients, which block in the kernel and keep requests under way by pipelining.
//
// They do nothing that a library would do besides; requests that repeat are made beforehand.
// Memory: a contender owns its rival's process and its connections. Threads: one. Failure: Fail.
#ifndef REMOTE_DRAM_BENCH_RIVALS_RIVAL_CLIENT_H_
#define REMOTE_DRAM_BENCH_RIVALS_RIVAL_CLIENT_H_

#include <string>

#include "bench/contender.h"

namespace remote_dram::bench {

// Those that are installed, over TCP or over their Unix sockets. Their names are those of kRivals.
Contenders MakeRivals(bool tcp);

}  // namespace remote_dram::bench

#endif  // REMOTE_DRAM_BENCH_RIVALS_RIVAL_CLIENT_H_
