// Listener: a listening socket that the gateway opens itself; accepted connections are handed to gRPC.
//
// gRPC's own listening socket would not do: it would share its port with a second gateway, remove a socket file that is in
// use, make one that other users may open, and not say why it failed.
//
// Memory: owns the descriptor and the socket file; its destructor closes one and removes the other.
// Threads: one at a time.
// Failure: ALREADY_EXISTS if another process listens there already; INVALID_ARGUMENT or UNAVAILABLE with the reason.
// A socket file that no process serves any more is replaced.
// Limits: connections_waiting_max.
#ifndef REMOTE_DRAM_GATEWAY_LISTENER_H_
#define REMOTE_DRAM_GATEWAY_LISTENER_H_

#include <memory>
#include <string>

#include "base/descriptor.h"
#include "gateway/listen_address.h"
#include "remote_dram/status.h"

namespace remote_dram::gateway {

inline constexpr int connections_waiting_max = 128;  // connections that are not yet accepted (listen(2)'s backlog)

class Listener {
 public:
  static Result<std::unique_ptr<Listener>> Open(const ListenAddress& address);
  virtual ~Listener() = default;

  int fd() const { return socket_.fd(); }
  const std::string& target() const { return target_; }

 protected:
  Listener(base::Descriptor socket, std::string target)
      : socket_(std::move(socket)), target_(std::move(target)) {}

 private:
  base::Descriptor socket_;
  std::string target_;
};

// The error "gateway: cannot listen on WHERE: WHY (text of the errno `error`)"; 0: without the parenthesis.
Status CannotListen(StatusCode code, const ListenAddress& address, const std::string& why, int error);

Result<std::unique_ptr<Listener>> OpenUnixListener(const ListenAddress& address);
Result<std::unique_ptr<Listener>> OpenTcpListener(const ListenAddress& address);

}  // namespace remote_dram::gateway

#endif  // REMOTE_DRAM_GATEWAY_LISTENER_H_
