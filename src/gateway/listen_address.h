// ListenAddress: where a gateway listens, as "unix:PATH" or "127.0.0.1:PORT" says it.
//
// Memory: a plain value.
// Threads: pure functions.
// Failure: INVALID_ARGUMENT with the reason: no such form, not on loopback, IPv6.
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

// Less than the path, because the socket is made in its folder under a name of ten bytes.
inline constexpr size_t socket_folder_bytes_max = base::socket_path_bytes_max - 10;

struct ListenAddress {
  std::string path;   // of a Unix socket, absolute; empty: TCP
  uint32_t ipv4 = 0;  // within 127.0.0.0/8, in host order
  uint16_t port = 0;
};

Result<ListenAddress> ParseListenAddress(std::string_view text);

// The gRPC target: a path is percent-encoded, as gRPC reads it as part of a URI.
std::string TargetOf(const ListenAddress& address);

}  // namespace remote_dram::gateway

#endif  // REMOTE_DRAM_GATEWAY_LISTEN_ADDRESS_H_
