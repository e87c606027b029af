// SocketListener: a listening control port on an EpollLoop, TCP or Unix.
//
// The file of a Unix socket has mode 0600 from the moment it exists until it gets the requested mode. Beside it is a lock
// file (PATH.lock). The process that holds the lock owns the path; so a socket file without a holder was left by a dead
// server, and is replaced once that server's process has ended (net/predecessor.h). A socket in the abstract namespace has
// no files, and every process in the same network namespace can connect to it.
// Memory: owns its descriptors and, for a Unix socket with a file, the two files. Threads: the loop's role.
// Failure: Bind returns the reason. Accepting pauses for accept_pause when the process has no descriptors or memory left.
// Limits: after accepted_at_once_max other work of the loop gets its turn.
#ifndef REMOTE_DRAM_NET_SOCKET_LISTENER_H_
#define REMOTE_DRAM_NET_SOCKET_LISTENER_H_

#include <memory>
#include <string>

#include "base/descriptor.h"
#include "base/task.h"
#include "net/address.h"
#include "net/control.h"
#include "net/epoll_loop.h"
#include "net/tls.h"

namespace remote_dram::net {

class AcceptedSocket final : public Accepted {
 public:
  AcceptedSocket(base::Descriptor socket, std::shared_ptr<const Tls> tls) : socket_(std::move(socket)), tls_(std::move(tls)) {}
  base::Descriptor Take() { return std::move(socket_); }
  const std::shared_ptr<const Tls>& tls() const { return tls_; }

 private:
  base::Descriptor socket_;
  const std::shared_ptr<const Tls> tls_;
};

class SocketListener final : public ControlListener {
 public:
  static constexpr std::chrono::milliseconds accept_pause{100};
  static constexpr int accepted_at_once_max = 64;
  static constexpr unsigned kOwnerOnly = 0600;

  static Result<std::unique_ptr<SocketListener>> Bind(EpollLoop* loop, const Address& address,
                                                      base::Callback<std::unique_ptr<Accepted>> accepted,
                                                      std::shared_ptr<const Tls> tls = nullptr,
                                                      unsigned socket_mode = kOwnerOnly);
  ~SocketListener() override;
  std::string address() const override { return address_.ToString(); }

 private:
  SocketListener(EpollLoop* loop, Address address, base::Descriptor lock, base::Descriptor socket,
                 base::Callback<std::unique_ptr<Accepted>> accepted, std::shared_ptr<const Tls> tls);
  void Watch();
  void OnReady();
  int Accept();

  EpollLoop* const loop_;
  const Address address_;
  base::Descriptor lock_;
  base::Descriptor socket_;
  base::Callback<std::unique_ptr<Accepted>> accepted_;
  const std::shared_ptr<const Tls> tls_;  // for accepted connections; null: not encrypted
  uint64_t pause_timer_ = 0;
  bool watched_ = false;
};

}  // namespace remote_dram::net

#endif  // REMOTE_DRAM_NET_SOCKET_LISTENER_H_
