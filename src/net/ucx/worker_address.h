// The address of a UCX worker as peers hand it on: a checksum, then UCX's own bytes.
//
// UCX 1.13 ends the process (an assertion in ucp_address_unpack) or reads on without a limit when it is
// given bytes that no worker made. A peer's bytes get there only if the checksum holds. Memory: what
// OpenAddress returns points into its argument. Threads: pure functions. Failure: INVALID_ARGUMENT. It
// keeps out accidents; whoever forges a checksum, too, is one whom the control channel should not have
// admitted.
#ifndef REMOTE_DRAM_NET_UCX_WORKER_ADDRESS_H_
#define REMOTE_DRAM_NET_UCX_WORKER_ADDRESS_H_

#include <string>
#include <string_view>

#include "remote_dram/status.h"

namespace remote_dram::net::ucx {

std::string SealAddress(std::string_view worker_address);
Result<std::string_view> OpenAddress(std::string_view sealed);

}  // namespace remote_dram::net::ucx

#endif  // REMOTE_DRAM_NET_UCX_WORKER_ADDRESS_H_
