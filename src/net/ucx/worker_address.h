// The address of a UCX worker, as peers exchange it: a checksum, followed by UCX's own bytes.
//
// Given bytes that no worker made, UCX 1.13 ends the process (an assertion in ucp_address_unpack), or reads beyond their end.
// So a peer's bytes are passed to UCX only if the checksum is right.
// Memory: OpenAddress returns a view of its argument. Threads: pure functions.
// Failure: INVALID_ARGUMENT for a wrong checksum. This protects against accidents only; the control channel must keep out
// peers that would forge a checksum.
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
