// SocketAddress: an Address in the kernel's form; and the hosts and port of a socket's two ends.
//
// Memory and threads: pure functions. Failure: empty hosts and port 0 for a socket that is not IPv4.
#ifndef REMOTE_DRAM_NET_SOCKET_ADDRESS_H_
#define REMOTE_DRAM_NET_SOCKET_ADDRESS_H_

#include <sys/socket.h>

#include <string>

#include "base/descriptor.h"
#include "net/address.h"

namespace remote_dram::net {

struct SocketAddress {
  sockaddr_storage storage{};
  socklen_t size = 0;

  explicit SocketAddress(const Address& resolved);
  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
};

// A non-blocking stream socket of the address's family, not yet connected; see descriptor.h.
base::Descriptor OpenSocket(const Address& address);

// "127.0.0.1"; empty for a Unix socket.
std::string LocalHost(int fd);
std::string PeerHost(int fd);
uint16_t LocalPort(int fd);

}  // namespace remote_dram::net

#endif  // REMOTE_DRAM_NET_SOCKET_ADDRESS_H_
