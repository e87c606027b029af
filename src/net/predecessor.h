// Predecessor: the process that served an address before this one, and whether it is really gone.
//
// A client believes what it fetched from a server while the server's end of its socket is open, and what it reads in the
// server's memory while that says that the server lives (base/death_mark.h). So nobody may serve an address, and change
// what was there, before all sockets of the process that served it are closed. The kernel closes those of a killed
// process one after the other, and drops its locks on the way; only its end is a sign that all are closed. Where that
// cannot be seen, in another PID namespace, the order decides: descriptors close from the highest down, and ours of
// clients lie above that of the lock.
// Memory and threads: plain functions; AwaitEnd blocks.
// Failure: UNAVAILABLE if it is not gone after predecessor_max.
#ifndef REMOTE_DRAM_NET_PREDECESSOR_H_
#define REMOTE_DRAM_NET_PREDECESSOR_H_

#include <chrono>
#include <string>

#include "remote_dram/status.h"

namespace remote_dram::net {

inline constexpr std::chrono::milliseconds predecessor_max{5000};

// This process, in a line: PID, start time and PID namespace.
std::string MarkOfThisProcess();

// Returns when the process of the mark has ended. A mark that says nothing is of nobody.
Status AwaitEnd(const std::string& mark);

}  // namespace remote_dram::net

#endif  // REMOTE_DRAM_NET_PREDECESSOR_H_
