// Predecessor: the process that served an address before this one, and waiting until it has really ended.
//
// A client trusts what it fetched from a server while the server's end of its socket is open, and what it reads in the
// server's memory while the mark there says that the server is alive (base/death_mark.h). So no successor may serve an
// address, and change the data, before all sockets of its predecessor are closed. The kernel closes the descriptors of a
// killed process one after the other, and releases its file locks on the way; only the end of the process shows that all
// are closed. For a process in another PID namespace this cannot be observed. There the order suffices: descriptors are
// closed from the highest number down, and a server gives its clients' sockets higher numbers than its lock file.
// Memory and threads: plain functions; AwaitEnd blocks.
// Failure: UNAVAILABLE if the process has not ended after predecessor_max.
#ifndef REMOTE_DRAM_NET_PREDECESSOR_H_
#define REMOTE_DRAM_NET_PREDECESSOR_H_

#include <chrono>
#include <string>

#include "remote_dram/status.h"

namespace remote_dram::net {

inline constexpr std::chrono::milliseconds predecessor_max{5000};

// One line that identifies this process: PID, start time and PID namespace.
std::string MarkOfThisProcess();

// Returns when the process that the mark identifies has ended. Returns OK at once if the mark is malformed, or names this
// process, one that is gone, or one of another PID namespace.
Status AwaitEnd(const std::string& mark);

}  // namespace remote_dram::net

#endif  // REMOTE_DRAM_NET_PREDECESSOR_H_
