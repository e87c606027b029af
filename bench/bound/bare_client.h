// The bound: a UCX active-message client and server with no calls, deadlines or checks on top.
//
// Two contenders, one per mode, share the client; only a measurement shows which mode is faster.
// Memory: the contenders keep the client alive, which owns the server's process. Threads: one.
// Failure: Fail.
#ifndef REMOTE_DRAM_BENCH_BOUND_BARE_CLIENT_H_
#define REMOTE_DRAM_BENCH_BOUND_BARE_CLIENT_H_

#include <string>

#include "bench/contender.h"

namespace remote_dram::bench {

// "payload": the value is the message's payload, and UCX chooses between eager and rendezvous.
// "header": the value rides in the message's header, for values of up to ride_bytes_max.
// They take loads with as many clients as there are connections. `bytes_max`: the largest value.
Contenders MakeBareUcx(Path path, int connections, size_t bytes_max);

std::string UcxVersion();

}  // namespace remote_dram::bench

#endif  // REMOTE_DRAM_BENCH_BOUND_BARE_CLIENT_H_
