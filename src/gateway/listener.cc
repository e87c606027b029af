// Listener: what both kinds share, and the TCP socket on a loopback address.
#include "gateway/listener.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include <cerrno>
#include <utility>

#include "base/bytes.h"

namespace remote_dram::gateway {
namespace {

class TcpListener final : public Listener {
 public:
  TcpListener(base::Descriptor socket, std::string target) : Listener(std::move(socket), std::move(target)) {}
};

}  // namespace

Status CannotListen(StatusCode code, const ListenAddress& address, const std::string& why, int error) {
  std::string message = "gateway: cannot listen on " + TargetOf(address) + ": " + why;
  if (error != 0) message += " (" + base::ErrorText(error) + ")";
  return Status(code, std::move(message));
}

Result<std::unique_ptr<Listener>> Listener::Open(const ListenAddress& address) {
  return address.path.empty() ? OpenTcpListener(address) : OpenUnixListener(address);
}

Result<std::unique_ptr<Listener>> OpenTcpListener(const ListenAddress& wanted) {
  base::Descriptor socket([] { return ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0); });
  if (!socket.valid()) return CannotListen(StatusCode::kUnavailable, wanted, "no socket", errno);
  // Lets a restarted gateway use the port while connections of its predecessor linger. Two gateways still cannot listen at
  // the same time.
  const int on = 1;
  setsockopt(socket.fd(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));

  sockaddr_in name{};
  name.sin_family = AF_INET;
  name.sin_addr.s_addr = htonl(wanted.ipv4);
  name.sin_port = htons(wanted.port);
  if (bind(socket.fd(), reinterpret_cast<sockaddr*>(&name), sizeof(name)) != 0 ||
      listen(socket.fd(), connections_waiting_max) != 0) {
    if (errno == EADDRINUSE) {
      return CannotListen(StatusCode::kAlreadyExists, wanted,
                          "another process listens on that port; stop it or take another port", errno);
    }
    return CannotListen(StatusCode::kUnavailable, wanted, "the port cannot be had", errno);
  }
  socklen_t length = sizeof(name);
  if (getsockname(socket.fd(), reinterpret_cast<sockaddr*>(&name), &length) != 0) {
    return CannotListen(StatusCode::kUnavailable, wanted, "the port is not known", errno);
  }
  ListenAddress real = wanted;
  real.port = ntohs(name.sin_port);
  return std::unique_ptr<Listener>(new TcpListener(std::move(socket), TargetOf(real)));
}

}  // namespace remote_dram::gateway
