// The bound of the path "socket", and of puts over shared memory beside UCX: a stream of values on a Unix socket, into
// one place of the other end's memory, or from there; once with ends that sleep while they wait, once with some that spin.
//
// Memory: a contender owns the connection and the server's process. Threads: one. Failure: Fail.
#ifndef REMOTE_DRAM_BENCH_BOUND_BARE_SOCKET_H_
#define REMOTE_DRAM_BENCH_BOUND_BARE_SOCKET_H_

#include "bench/contender.h"

namespace remote_dram::bench {

Contenders MakeBareSockets();
void ServeBareSocket(bool spins);  // the child's part

}  // namespace remote_dram::bench

#endif  // REMOTE_DRAM_BENCH_BOUND_BARE_SOCKET_H_
