// Rivals as contenders: raw clients, which block in the kernel and keep several requests in flight by pipelining.
//
// They have none of the overhead of a client library; requests that repeat are built beforehand.
// Memory: a contender owns its rival's process and its connections. Threads: one. Failure: Fail.
#ifndef REMOTE_DRAM_BENCH_RIVALS_RIVAL_CLIENT_H_
#define REMOTE_DRAM_BENCH_RIVALS_RIVAL_CLIENT_H_

#include <string>

#include "bench/contender.h"

namespace remote_dram::bench {

// The rivals of kRivals that are installed, over TCP or over their Unix sockets.
Contenders MakeRivals(bool tcp);

}  // namespace remote_dram::bench

#endif  // REMOTE_DRAM_BENCH_RIVALS_RIVAL_CLIENT_H_
