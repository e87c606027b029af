// AcceptLoop: waiting, accepting, and complaining.
#include "gateway/accept_loop.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include <cerrno>
#include <string>
#include <utility>

#include "base/bytes.h"

namespace remote_dram::gateway {
namespace {

constexpr int kPauseMs = 100;  // after a failure, so that the loop does not spin

}  // namespace

Result<std::unique_ptr<AcceptLoop>> AcceptLoop::Start(const Listener& listener,
                                                      std::function<void(base::Descriptor)> accepted,
                                                      LogFunction log) {
  base::Descriptor stop([] { return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); });
  if (!stop.valid()) {
    return Status(
        StatusCode::kUnavailable,
        "gateway: no descriptor (" + base::ErrorText(errno) + "); raise `ulimit -n`");
  }
  return std::unique_ptr<AcceptLoop>(
      new AcceptLoop(listener, std::move(stop), std::move(accepted), std::move(log)));
}

AcceptLoop::AcceptLoop(const Listener& listener, base::Descriptor stop,
                       std::function<void(base::Descriptor)> accepted, LogFunction log)
    : listener_(listener), stop_(std::move(stop)), accepted_(std::move(accepted)), log_(std::move(log)) {
  thread_ = std::thread([this] { Run(); });
}

void AcceptLoop::Stop() {
  if (!thread_.joinable()) return;
  eventfd_write(stop_.fd(), 1);
  thread_.join();
}

void AcceptLoop::Run() {
  while (WaitForConnection()) Accept();
}

bool AcceptLoop::WaitForConnection() {
  pollfd waiting[] = {{stop_.fd(), POLLIN, 0}, {listener_.fd(), POLLIN, 0}};
  poll(waiting, 2, -1);
  return waiting[0].revents == 0;
}

void AcceptLoop::Accept() {
  base::Descriptor connection(
      [this] { return accept4(listener_.fd(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK); });
  if (!connection.valid()) {
    // Not a failure: the client left before it was accepted.
    if (errno == EAGAIN || errno == EINTR || errno == ECONNABORTED) return;
    Complain(errno);
    pollfd stopping = {stop_.fd(), POLLIN, 0};
    poll(&stopping, 1, kPauseMs);
    return;
  }
  complained_ = false;
  const int on = 1;
  setsockopt(connection.fd(), IPPROTO_TCP, TCP_NODELAY, &on,
             sizeof(on));  // fails on a Unix socket, where it is not needed
  accepted_(std::move(connection));
}

void AcceptLoop::Complain(int error) {
  if (complained_ || !log_) return;
  complained_ = true;
  log_(LogLevel::kError, "gateway: cannot accept connections (" + base::ErrorText(error) +
                             "); trying again");
}

}  // namespace remote_dram::gateway
