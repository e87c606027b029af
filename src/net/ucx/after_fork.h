// What a fork leaves of UCX in the child.
//
// UCX connects over TCP with the help of a thread, one per process, which a fork does not take along, and it has
// locks of its own, which a fork in the wrong moment leaves locked for good. Where they are free, shared memory works.
// Threads: any. Failure: FAILED_PRECONDITION, saying what to do instead.
#ifndef REMOTE_DRAM_NET_UCX_AFTER_FORK_H_
#define REMOTE_DRAM_NET_UCX_AFTER_FORK_H_

#include <functional>

#include "net/ucx/settings.h"
#include "remote_dram/status.h"

namespace remote_dram::net::ucx {

// OK in a process that used UCX first itself. In a fork of one that did, TCP is refused, and shared memory if
// `trial`, which starts UCX once more and ends it, does not come back: it runs on a thread that can be left behind,
// once in a process.
Status CheckAfterFork(Kind kind, const std::function<void()>& trial);

}  // namespace remote_dram::net::ucx

#endif  // REMOTE_DRAM_NET_UCX_AFTER_FORK_H_
