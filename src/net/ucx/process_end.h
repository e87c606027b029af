// UcxUse: held by who makes objects of UCX or gives them back, so that the process does not end meanwhile.
//
// UCX's libraries free what they have when the process ends, and abort if another thread changes it just then. Threads
// that nobody joins, such as the executor of a program that drops its last client, may well do that.
// Memory: what they share is never destroyed.
// Threads: any, several at once, and more than one for a thread. When the process ends, the thread that ends it (exit,
// or the return from main) waits until nobody holds one; from then on it alone gets one, for its objects with static
// storage, and other threads wait for good.
// Failure: none. In a fork of the process that used UCX first it does nothing: a child has no threads of its parent's.
// Limits: process_end_wait_max.
#ifndef REMOTE_DRAM_NET_UCX_PROCESS_END_H_
#define REMOTE_DRAM_NET_UCX_PROCESS_END_H_

#include <chrono>

namespace remote_dram::net::ucx {

// More than UCX gets to close what is open (UcxFabric::close_time_max).
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
