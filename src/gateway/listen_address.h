// ListenAddress: where a gateway listens, parsed from "unix:PATH" or "127.0.0.1:PORT".
//
// Memory: a plain value.
// Threads: pure functions.
// Failure: INVALID_ARGUMENT with the reason: neither of the two forms, a host that is not a loopback address, IPv6.
// Limits: base::socket_path_bytes_max, socket_folder_bytes_max.
#ifndef REMOTE_DRAM_GATEWAY_LISTEN_ADDRESS_H_
#define REMOTE_DRAM_GATEWAY_LISTEN_ADDRESS_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/unix_socket.h"
#include "remote_dram/status.h"

namespace remote_dram::gateway {

// Less than the limit of a path, because the socket is first made in the same folder under a temporary name, which takes
// 10 bytes with its slash.
inline constexpr size_t socket_folder_bytes_max = base::socket_path_bytes_max - 10;

struct ListenAddress {
  std::string path;   // the absolute path of a Unix socket; empty: TCP
  uint32_t ipv4 = 0;  // within 127.0.0.0/8, in host order
  uint16_t port = 0;
};

Result<ListenAddress> ParseListenAddress(std::string_view text);

// The gRPC target for clients. A path is percent-encoded, because gRPC parses a target as a URI.
std::string TargetOf(const ListenAddress& address);

}  // namespace remote_dram::gateway

#endif  // REMOTE_DRAM_GATEWAY_LISTEN_ADDRESS_H_
