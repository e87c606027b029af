// The bound: a UCX active-message client without calls, deadlines or checks, and a server likewise.
//
// Contenders of two modes share one connection; which of them is the faster one shows only when measured.
// Memory: a contender keeps the connection alive, which owns the server's process. Threads: one.
// Failure: Fail.
#ifndef REMOTE_DRAM_BENCH_BOUND_BARE_CLIENT_H_
#define REMOTE_DRAM_BENCH_BOUND_BARE_CLIENT_H_

#include <string>

#include "bench/contender.h"

namespace remote_dram::bench {

// "payload": the value is the message's payload, and UCX chooses between eager and rendezvous.
// "header": the value rides in the message's header; small ones only.
// They take loads of as many clients as there are connections.
// `bytes_max`: of a value.
Contenders MakeBareUcx(Path path, int connections, size_t bytes_max);

std::string UcxVersion();

}  // namespace remote_dram::bench

#endif  // REMOTE_DRAM_BENCH_BOUND_BARE_CLIENT_H_
