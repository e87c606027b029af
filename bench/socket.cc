// Connects and listens; sends and receives until all bytes have moved.
#include "bench/socket.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstring>
#include <utility>

#include "bench/fail.h"

namespace remote_dram::bench {
namespace {

sockaddr_un UnixName(std::string_view path) {
  sockaddr_un name{};
  name.sun_family = AF_UNIX;
  Require(path.size() < sizeof name.sun_path, "the path of a socket is too long");
  std::memcpy(name.sun_path, path.data(), path.size());
  return name;
}

sockaddr_in LoopbackName(int port) {
  sockaddr_in name{};
  name.sin_family = AF_INET;
  name.sin_port = htons(static_cast<uint16_t>(port));
  name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return name;
}

// -1 if nobody listens on the address.
int TryConnect(const std::string& address) {
  int result = 0, descriptor = 0;
  if (address.compare(0, 5, "unix:") == 0) {
    const sockaddr_un name = UnixName(std::string_view(address).substr(5));
    descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    result = connect(descriptor, reinterpret_cast<const sockaddr*>(&name), sizeof name);
  } else {
    const sockaddr_in name = LoopbackName(std::stoi(address));
    descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    result = connect(descriptor, reinterpret_cast<const sockaddr*>(&name), sizeof name);
    const int on = 1;
    setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  }
  if (result == 0) return descriptor;
  close(descriptor);
  return -1;
}

}  // namespace

Socket Socket::Connect(const std::string& address) {
  const int descriptor = TryConnect(address);
  Require(descriptor >= 0, "nobody listens on " + address);
  return Socket(descriptor);
}

Socket::Socket(Socket&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), buffer_(std::move(other.buffer_)), begin_(other.begin_),
      end_(other.end_), spin_(other.spin_) {}

Socket::~Socket() {
  if (descriptor_ >= 0) close(descriptor_);
}

void Socket::Send(const std::vector<std::string_view>& pieces) {
  std::vector<iovec> parts;
  for (const std::string_view piece : pieces) parts.push_back({const_cast<char*>(piece.data()), piece.size()});
  for (size_t first = 0; first < parts.size();) {
    msghdr message{};
    message.msg_iov = parts.data() + first;
    message.msg_iovlen = std::min<size_t>(parts.size() - first, IOV_MAX);
    const ssize_t sent = sendmsg(descriptor_, &message, MSG_NOSIGNAL);
    Require(sent > 0, "the other end of a socket is gone");
    for (auto left = static_cast<size_t>(sent); first < parts.size();) {
      const size_t step = std::min(left, parts[first].iov_len);
      parts[first].iov_base = static_cast<char*>(parts[first].iov_base) + step;
      parts[first].iov_len -= step;
      left -= step;
      if (parts[first].iov_len > 0) break;
      ++first;
    }
  }
}

void Socket::TakeArrived() {
  pollfd arrived{.fd = descriptor_, .events = POLLIN, .revents = 0};
  while (end_ - begin_ < buffer_.size() && poll(&arrived, 1, 0) > 0 && Fill() > 0) {
  }
}

ssize_t Socket::ReceiveSome(char* to, size_t bytes) {
  if (spin_.count() == 0) return recv(descriptor_, to, bytes, 0);
  const auto begun = std::chrono::steady_clock::now();
  while (std::chrono::steady_clock::now() - begun < spin_) {
    const ssize_t received = recv(descriptor_, to, bytes, MSG_DONTWAIT);
    if (received >= 0 || errno != EAGAIN) return received;
  }
  return recv(descriptor_, to, bytes, 0);
}

size_t Socket::Fill() {
  if (begin_ == end_) begin_ = end_ = 0;
  if (end_ == buffer_.size()) {
    std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    end_ -= std::exchange(begin_, 0);
    Require(end_ < buffer_.size(), "a line is too long");
  }
  const ssize_t received = ReceiveSome(buffer_.data() + end_, buffer_.size() - end_);
  Require(received >= 0, "a socket broke");
  end_ += static_cast<size_t>(received);
  return static_cast<size_t>(received);
}

std::string_view Socket::ReceiveLine() {
  for (size_t searched = 0;;) {
    const std::string_view here(buffer_.data() + begin_, end_ - begin_);
    if (const size_t end = here.find('\n', searched); end != here.npos) {
      begin_ += end + 1;
      return here.substr(0, end > 0 && here[end - 1] == '\r' ? end - 1 : end);
    }
    searched = here.size();
    Require(Fill() > 0, "the other end of a socket is gone");
  }
}

void Socket::Receive(char* to, size_t bytes) {
  const size_t here = std::min(bytes, end_ - begin_);
  std::memcpy(to, buffer_.data() + begin_, here);
  begin_ += here;
  for (size_t done = here; done < bytes;) {
    if (bytes - done < buffer_.size() / 2) {  // through the buffer, so that one call can also receive what follows
      Require(Fill() > 0, "the other end of a socket is gone");
      return Receive(to + done, bytes - done);
    }
    const ssize_t received = ReceiveSome(to + done, bytes - done);
    Require(received > 0, "the other end of a socket is gone");
    done += static_cast<size_t>(received);
  }
}

bool Socket::IsAtEnd() { return begin_ == end_ && Fill() == 0; }

int ListenUnix(const std::string& path) {
  const sockaddr_un name = UnixName(path);
  const int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  Require(bind(descriptor, reinterpret_cast<const sockaddr*>(&name), sizeof name) == 0 && listen(descriptor, 1) == 0,
          "cannot listen on " + path);
  return descriptor;
}

int AcceptOne(int listening) {
  const int descriptor = accept4(listening, nullptr, nullptr, SOCK_CLOEXEC);
  Require(descriptor >= 0, "nobody connected");
  close(listening);
  return descriptor;
}

int FreePort() {
  sockaddr_in name = LoopbackName(0);
  socklen_t bytes = sizeof name;
  const int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  Require(bind(descriptor, reinterpret_cast<const sockaddr*>(&name), sizeof name) == 0 &&
              getsockname(descriptor, reinterpret_cast<sockaddr*>(&name), &bytes) == 0,
          "no free port");
  close(descriptor);
  return ntohs(name.sin_port);
}

bool CanConnect(const std::string& address) {
  const int descriptor = TryConnect(address);
  if (descriptor >= 0) close(descriptor);
  return descriptor >= 0;
}

}  // namespace remote_dram::bench
