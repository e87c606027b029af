// CheckAfterFork: whether UCX can be used in a forked child.
//
// For TCP connections UCX uses a thread, one per process, which does not exist in a forked child. UCX also has locks, which a
// fork at the wrong moment leaves locked for ever. If they are free, shared memory works in the child.
// Threads: any. Failure: FAILED_PRECONDITION, with advice on what to do instead.
#ifndef REMOTE_DRAM_NET_UCX_AFTER_FORK_H_
#define REMOTE_DRAM_NET_UCX_AFTER_FORK_H_

#include <functional>

#include "net/ucx/settings.h"
#include "remote_dram/status.h"

namespace remote_dram::net::ucx {

// OK in the process that called this first. In a fork of that process TCP is refused; shared memory is refused if `trial`,
// which starts UCX once more and ends it, does not return in time. `trial` runs on a detached thread, which stays behind if
// it blocks. It is not repeated in the same process.
Status CheckAfterFork(Kind kind, const std::function<void()>& trial);

}  // namespace remote_dram::net::ucx

#endif  // REMOTE_DRAM_NET_UCX_AFTER_FORK_H_
