// Conversions between Address and the kernel's socket addresses.
#include "net/socket_address.h"

#include <arpa/inet.h>
#include <sys/un.h>

#include <cstddef>
#include <cstring>

#include "base/check.h"
#include "base/unix_socket.h"

namespace remote_dram::net {
namespace {

sockaddr_in Name(int fd, int (*get_name)(int, sockaddr*, socklen_t*)) {
  sockaddr_storage storage{};
  socklen_t size = sizeof storage;
  sockaddr_in name{};
  if (get_name(fd, reinterpret_cast<sockaddr*>(&storage), &size) == 0 && storage.ss_family == AF_INET) {
    std::memcpy(&name, &storage, sizeof name);
  }
  return name;
}

std::string HostOf(const sockaddr_in& name) {
  if (name.sin_family != AF_INET) return "";
  char text[INET_ADDRSTRLEN];
  return inet_ntop(AF_INET, &name.sin_addr, text, sizeof text);
}

}  // namespace

SocketAddress::SocketAddress(const Address& resolved) {
  if (resolved.is_unix()) {
    RD_CHECK(resolved.path.size() <= base::socket_path_bytes_max);
    auto* name = reinterpret_cast<sockaddr_un*>(&storage);
    name->sun_family = AF_UNIX;
    std::memcpy(name->sun_path, resolved.path.data(), resolved.path.size());
    size = sizeof *name;
    if (resolved.is_file()) return;
    name->sun_path[0] = '\0';
    size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + resolved.path.size());  // in an abstract name every byte counts
  } else {
    auto* name = reinterpret_cast<sockaddr_in*>(&storage);
    name->sin_family = AF_INET;
    name->sin_port = htons(resolved.port);
    inet_pton(AF_INET, resolved.host.c_str(), &name->sin_addr);
    size = sizeof *name;
  }
}

base::Descriptor OpenSocket(const Address& address) {
  const int family = address.is_unix() ? AF_UNIX : AF_INET;
  return base::Descriptor([family] { return socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0); });
}

std::string LocalHost(int fd) { return HostOf(Name(fd, getsockname)); }
std::string PeerHost(int fd) { return HostOf(Name(fd, getpeername)); }
uint16_t LocalPort(int fd) { return ntohs(Name(fd, getsockname).sin_port); }

}  // namespace remote_dram::net
