// The bound of the path "socket", and, beside UCX, of the path "shm" and of puts of the path "mapped": values on a stream
// over a Unix socket, into one place of the server's memory or from there. Two contenders: in "socket" both ends sleep
// while they wait, in "spinning" they spin first.
//
// Memory: a contender owns the connection and the server's process. Threads: one. Failure: Fail.
#ifndef REMOTE_DRAM_BENCH_BOUND_BARE_SOCKET_H_
#define REMOTE_DRAM_BENCH_BOUND_BARE_SOCKET_H_

#include "bench/contender.h"

namespace remote_dram::bench {

Contenders MakeBareSockets();
void ServeBareSocket(bool spins);  // runs in the child

}  // namespace remote_dram::bench

#endif  // REMOTE_DRAM_BENCH_BOUND_BARE_SOCKET_H_
