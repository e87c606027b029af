// UcxUse: held while UCX objects are made or destroyed, so that the process does not end meanwhile.
//
// When the process ends, UCX's libraries free their global state, and abort if another thread changes it at that moment.
// Threads that nobody joins, such as the executor of a program that drops its last client, may do so.
// Memory: the state that all UcxUses share is never destroyed.
// Threads: any; several at once, and several per thread. When the process ends, the thread that ends it (by exit, or by
// returning from main) waits until nobody holds a UcxUse, for at most process_end_wait_max. From then on only that thread
// gets one, to destroy objects with static storage; other threads block for ever.
// Failure: none. In a fork of the process that used UCX first it has no effect, because a child has none of those threads.
// Limits: process_end_wait_max.
#ifndef REMOTE_DRAM_NET_UCX_PROCESS_END_H_
#define REMOTE_DRAM_NET_UCX_PROCESS_END_H_

#include <chrono>

namespace remote_dram::net::ucx {

// Longer than a fabric may take to close its endpoints (UcxFabric::close_time_max).
inline constexpr std::chrono::milliseconds process_end_wait_max{3000};

class UcxUse {
 public:
  UcxUse();
  ~UcxUse();
  UcxUse(const UcxUse&) = delete;
  UcxUse& operator=(const UcxUse&) = delete;
};

}  // namespace remote_dram::net::ucx

#endif  // REMOTE_DRAM_NET_UCX_PROCESS_END_H_
