// SocketLink: connects, reads and writes frames, and checks whether the peer is there.
#include "net/socket_link.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <vector>

#include "base/bytes.h"
#include "net/descriptor_passing.h"
#include "net/socket_address.h"

namespace remote_dram::net {
namespace {

constexpr std::chrono::milliseconds full_backlog_retry{10};

void SetOptions(int fd) {
  const int on = 1, idle = 4, interval = 2, count = 3;  // seconds, seconds, probes
  const unsigned unanswered_ms = SocketLink::keepalive_seconds_max * 1000;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);  // the TCP options fail on Unix sockets, which is fine
  setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
  setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &idle, sizeof idle);
  setsockopt(fd, IPPROTO_TCP, TCP_KEEPINTVL, &interval, sizeof interval);
  setsockopt(fd, IPPROTO_TCP, TCP_KEEPCNT, &count, sizeof count);
  setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &unanswered_ms, sizeof unanswered_ms);
}

// A refused connection, or a missing socket file, shows that nobody listens; any other error may be temporary.
LinkEnd EndOf(int error) {
  return error == ECONNREFUSED || error == ENOENT ? LinkEnd::kNobodyThere : LinkEnd::kLost;
}

Status NoServer(const std::string& peer, int error) {
  if (error == EACCES || error == EPERM) {
    return Status(StatusCode::kPermissionDenied, "connecting to " + peer + ": " + base::ErrorText(error));
  }
  return Status(StatusCode::kUnavailable, "no server at " + peer + " (" + base::ErrorText(error) + ")");
}

uint32_t LoadLength(const char* from) {
  uint32_t length;
  std::memcpy(&length, from, sizeof length);
  return length;
}

}  // namespace

SocketLink::SocketLink(EpollLoop* loop, base::Descriptor socket, ControlEvents* events, std::shared_ptr<const Tls> tls)
    : loop_(loop),
      events_(events),
      peer_("the peer"),
      socket_(std::move(socket)),
      state_(State::kOpen),
      tls_(tls ? std::make_unique<TlsStream>(std::move(tls), peer_) : nullptr) {
  SetOptions(socket_.fd());
  Watch();
}

SocketLink::SocketLink(EpollLoop* loop, const Address& address, ControlEvents* events, std::shared_ptr<const Tls> tls)
    : loop_(loop),
      events_(events),
      peer_(address.ToString()),
      address_(address),
      state_(State::kConnecting),
      tls_(tls ? std::make_unique<TlsStream>(std::move(tls), peer_) : nullptr) {
  if (tls_) tls_->Begin(&unsent_);
  StartConnect();
}

SocketLink::~SocketLink() {
  loop_->AssertHeld();
  *alive_ = false;
  Detach();
}

void SocketLink::StartConnect() {
  loop_->AssertHeld();
  timer_ = 0;
  socket_ = OpenSocket(address_);
  if (!socket_.valid()) {
    return FailSoon(LinkEnd::kLost, Status(StatusCode::kResourceExhausted, "no socket for " + peer_ + ": " + base::ErrorText(errno)));
  }
  SetOptions(socket_.fd());
  const SocketAddress name(address_);
  const int error = connect(socket_.fd(), name.get(), name.size) == 0 ? 0 : errno;
  if (error == EAGAIN) {  // a Unix socket whose backlog is full
    timer_ = loop_->At(loop_->Now() + full_backlog_retry, [this] { StartConnect(); });
    return;
  }
  if (error != 0 && error != EINPROGRESS) {
    return FailSoon(EndOf(error), NoServer(peer_, error));
  }
  Watch();
  timer_ = loop_->At(loop_->Now() + connect_attempt_max, [this] {
    timer_ = 0;
    Fail(LinkEnd::kLost, Status(StatusCode::kUnavailable, "no answer from " + peer_ + " within " +
                                              std::to_string(connect_attempt_max.count() / 1000) + " s"));
  });
}

void SocketLink::Watch() {
  loop_->AssertHeld();
  const uint32_t events = EPOLLIN | (state_ == State::kConnecting || !unsent_.empty() ? uint32_t{EPOLLOUT} : 0);
  if (watched_) return loop_->Rewatch(socket_.fd(), events);
  watched_ = true;
  loop_->Watch(socket_.fd(), events, [this](uint32_t ready) { OnReady(ready); });
}

void SocketLink::OnConnected() {
  loop_->AssertHeld();
  int error = 0;
  socklen_t size = sizeof error;
  getsockopt(socket_.fd(), SOL_SOCKET, SO_ERROR, &error, &size);
  if (error != 0) {
    return Fail(EndOf(error), NoServer(peer_, error));
  }
  if (timer_ != 0) loop_->Cancel(timer_);
  timer_ = 0;
  state_ = State::kOpen;
  if (Flush()) Watch();
}

void SocketLink::OnReady(uint32_t events) {
  const std::shared_ptr<bool> alive = alive_;
  if (state_ == State::kConnecting && (events & (EPOLLOUT | EPOLLERR | EPOLLHUP))) OnConnected();
  if (!*alive || state_ != State::kOpen) return;
  if (events & EPOLLOUT) {
    if (!Flush()) return;
    Watch();
  }
  if (events & (EPOLLIN | EPOLLERR | EPOLLHUP)) ReadFrames();
}

// ReadFrames, Take, DeliverFrames and Flush return false if the link failed (and may be destroyed).
// If data is left after reads_at_once_max, epoll reports it again in the next turn.
bool SocketLink::ReadFrames() {
  char buffer[control_frame_bytes_max];
  for (int reads = 0; reads < reads_at_once_max; ++reads) {
    std::vector<base::Descriptor> descriptors;
    const ssize_t count = ReceiveBytes(socket_.fd(), buffer, sizeof buffer, &descriptors);
    for (base::Descriptor& each : descriptors) {
      if (taken_along_.size() < control_descriptors_max) taken_along_.push_back(std::move(each));
    }
    if (count > 0) {
      if (!Take(std::string_view(buffer, static_cast<size_t>(count)))) return false;
      continue;
    }
    if (count < 0 && errno == EINTR) continue;
    if (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return true;
    const std::string when = tls_ && !tls_->admitted() ? " during the TLS handshake" : "";
    Fail(LinkEnd::kLost, Status(StatusCode::kUnavailable, (count == 0 ? peer_ + " closed the connection"
                                                                      : "lost " + peer_ + " (" + base::ErrorText(errno) + ")") + when));
    return false;
  }
  return true;
}

bool SocketLink::Take(std::string_view bytes) {
  if (!tls_) {
    received_.append(bytes);
    return DeliverFrames();
  }
  const Status fine = tls_->Receive(bytes, &received_, &unsent_);
  if (!Flush()) return false;
  if (!fine.ok()) {
    Fail(fine.code() == StatusCode::kUnauthenticated ? LinkEnd::kNobodyThere : LinkEnd::kLost, fine);
    return false;
  }
  if (!unsent_.empty()) Watch();
  return DeliverFrames();
}

bool SocketLink::DeliverFrames() {
  const std::shared_ptr<bool> alive = alive_;
  size_t start = 0;
  while (received_.size() - start >= sizeof(uint32_t)) {
    const uint32_t length = LoadLength(received_.data() + start);
    if (length > control_frame_bytes_max) {
      Fail(LinkEnd::kNobodyThere, NotFrames(std::string_view(received_).substr(start, 8)));
      return false;
    }
    if (received_.size() - start - sizeof length < length) break;
    const std::string frame = received_.substr(start + sizeof length, length);
    start += sizeof length + length;
    events_->OnFrame(frame);
    if (!*alive) return false;
    if (state_ != State::kOpen) return false;
  }
  received_.erase(0, start);
  return true;
}

// If one side uses TLS and the other does not, the peer gets a reply that it understands.
Status SocketLink::NotFrames(std::string_view seen) {
  if (!tls_ && IsTlsRefusal(seen)) {
    return Status(StatusCode::kUnauthenticated, peer_ + " wants credentials, and none were given");
  }
  if (!tls_ && IsTlsGreeting(seen)) {
    SendBytes(socket_.fd(), NoTlsHere(), -1);
    return Status(StatusCode::kUnauthenticated, peer_ + " speaks TLS, and no credentials were given to this side");
  }
  const bool http = seen.substr(0, 4) == "HTTP";
  return Status(StatusCode::kUnavailable, peer_ + (http ? " speaks HTTP, not remote_dram"
                                                        : " does not speak remote_dram (it sent " + base::Quoted(seen) + ")"));
}

bool SocketLink::Flush() {
  while (!unsent_.empty()) {
    const ssize_t count = SendSome();
    if (count < 0 && errno == EINTR) continue;
    if (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return true;
    if (count < 0) {
      Fail(LinkEnd::kLost, Status(StatusCode::kUnavailable, "lost " + peer_ + " (" + base::ErrorText(errno) + ")"));
      return false;
    }
  }
  return true;
}

// Sends up to the next byte that a descriptor goes with.
ssize_t SocketLink::SendSome() {
  const bool with = !attached_.empty() && attached_.front().first == 0;
  const size_t next = with ? 1 : 0;
  const size_t end = attached_.size() > next ? attached_[next].first : unsent_.size();
  const ssize_t count = SendBytes(socket_.fd(), std::string_view(unsent_).substr(0, end), with ? attached_.front().second.fd() : -1);
  if (count <= 0) return count;
  if (with) attached_.pop_front();
  for (auto& [place, descriptor] : attached_) place -= static_cast<size_t>(count);
  unsent_.erase(0, static_cast<size_t>(count));
  return count;
}

void SocketLink::SendWith(std::string_view frame, base::Descriptor descriptor) {
  loop_->AssertHeld();
  if (state_ == State::kClosed) return;
  if (descriptor.valid()) attached_.emplace_back(unsent_.size(), std::move(descriptor));
  const uint32_t length = static_cast<uint32_t>(frame.size());
  std::string framed(reinterpret_cast<const char*>(&length), sizeof length);
  framed.append(frame);
  if (tls_) tls_->Send(framed, &unsent_);
  else unsent_.append(framed);
  if (unsent_.size() + (tls_ ? tls_->waiting_bytes() : 0) > control_unsent_bytes_max) {
    return FailSoon(LinkEnd::kLost, Status(StatusCode::kUnavailable, peer_ + " does not read what it is sent: more than "
                                                                         "control_unsent_bytes_max bytes wait for it"));
  }
  if (attached_.size() > control_unsent_descriptors_max) {
    return FailSoon(LinkEnd::kLost, Status(StatusCode::kUnavailable, peer_ + " does not read what it is sent: more than "
                                                                         "control_unsent_descriptors_max descriptors wait for it"));
  }
  if (state_ != State::kOpen) return;
  // A failure here is ignored: reading meets it again, and reports it.
  while (!unsent_.empty() && SendSome() > 0) {
  }
  if (!unsent_.empty()) Watch();
}

base::Descriptor SocketLink::TakeDescriptor() {
  if (taken_along_.empty()) return base::Descriptor();
  base::Descriptor first = std::move(taken_along_.front());
  taken_along_.pop_front();
  return first;
}

base::Descriptor SocketLink::Duplicate() const {
  return base::Descriptor([this] { return fcntl(socket_.fd(), F_DUPFD_CLOEXEC, 0); });
}

bool SocketLink::PeerIsThere() const {
  if (state_ != State::kOpen) return false;
  char byte;
  const ssize_t count = recv(socket_.fd(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  return count > 0 || (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR));
}

std::string SocketLink::local_host() const { return LocalHost(socket_.fd()); }
std::string SocketLink::peer_host() const { return PeerHost(socket_.fd()); }

void SocketLink::Detach() {
  loop_->AssertHeld();
  if (timer_ != 0) loop_->Cancel(timer_);
  timer_ = 0;
  if (watched_) loop_->Unwatch(socket_.fd());
  watched_ = false;
  state_ = State::kClosed;
}

void SocketLink::Cut() {
  Detach();
  if (socket_.valid()) shutdown(socket_.fd(), SHUT_RDWR);
}

void SocketLink::Fail(LinkEnd end, Status why) {
  Detach();
  events_->OnClosed(end, why);  // may destroy this
}

void SocketLink::FailSoon(LinkEnd end, Status why) {
  Detach();
  loop_->AssertHeld();
  timer_ = loop_->At(loop_->Now(), [this, end, why = std::move(why)] {
    timer_ = 0;
    Fail(end, why);
  });
}

}  // namespace remote_dram::net
