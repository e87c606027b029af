// SocketChannel: write as far as it goes, read, and cut into messages.
#include "net/socket_channel.h"

#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "base/check.h"
#include "net/socket_address.h"

namespace remote_dram::net {
namespace {

constexpr size_t pieces_at_once_max = 64;  // of one message, in one system call

bool Later(int error) { return error == EAGAIN || error == EWOULDBLOCK || error == ENOBUFS || error == ENOMEM; }

Status Lost(int error) { return Status(StatusCode::kUnavailable, "the data socket broke (" + ErrorText(error) + ")"); }

class SocketEndpoint final : public Endpoint {
 public:
  explicit SocketEndpoint(std::shared_ptr<SocketChannel> channel) : channel_(std::move(channel)) {}
  ~SocketEndpoint() override { channel_->Close(); }

  TransferEnded* Send(std::string_view header, std::span<const std::string_view> payload) override {
    return channel_->Send(header, payload);
  }
  void SendIntroduction(std::string_view header) override {
    (void)channel_->Send(header, {});
  }
  std::string Lanes() const override { return "unix/stream"; }

 private:
  const std::shared_ptr<SocketChannel> channel_;
};

int OptionOf(const base::Descriptor& socket, int option) {
  int value = -1;
  socklen_t size = sizeof value;
  return getsockopt(socket.fd(), SOL_SOCKET, option, &value, &size) == 0 ? value : -1;
}

}  // namespace

// A message in the buffer, or whose payload is still to come.
class SocketChannel::FramedArrival final : public Arrival {
 public:
  FramedArrival(SocketChannel* channel, std::string_view header, uint64_t payload_bytes, std::string_view payload)
      : channel_(channel), header_(header), payload_bytes_(payload_bytes), payload_(payload) {}

  std::string_view header() const override { return header_; }
  uint64_t payload_bytes() const override { return payload_bytes_; }
  bool came_along() const override { return payload_.size() == payload_bytes_; }
  std::string_view payload() const override { return payload_; }
  void Fetch(char* to, TransferEnded fetched) override {
    RD_CHECK(!came_along() && !channel_->fetched_);
    channel_->target_ = to;
    channel_->fetched_ = std::move(fetched);
  }
  std::unique_ptr<Endpoint> TakeEndpoint(base::Callback<Status>) override { return nullptr; }

 private:
  SocketChannel* const channel_;
  const std::string_view header_;
  const uint64_t payload_bytes_;
  const std::string_view payload_;
};

Result<SocketPair> MakeSocketPair() {
  int ends[2] = {-1, -1};
  SocketPair pair;
  pair.own = base::Descriptor([&ends] {
    return socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends) == 0 ? ends[0] : -1;
  });
  if (!pair.own.valid()) return Status(StatusCode::kResourceExhausted, "no pair of sockets for the data: " + ErrorText(errno));
  pair.peers = base::Descriptor([&ends] { return ends[1]; });
  return pair;
}

Result<std::unique_ptr<Endpoint>> MakeSocketEndpoint(EpollLoop* loop, MessageSink* sink, base::Descriptor socket,
                                                     base::Callback<Status> failed) {
  if (!socket.valid() || OptionOf(socket, SO_DOMAIN) != AF_UNIX || OptionOf(socket, SO_TYPE) != SOCK_STREAM) {
    return Status(StatusCode::kInvalidArgument, "what came for the data path is no Unix stream socket");
  }
  auto channel = std::make_shared<SocketChannel>(loop, sink, std::move(socket), std::move(failed));
  channel->Start();
  return std::unique_ptr<Endpoint>(std::make_unique<SocketEndpoint>(std::move(channel)));
}

void SocketChannel::Start() {
  loop_->AssertHeld();
  loop_->Watch(socket_.fd(), EPOLLIN, [weak = weak_from_this()](uint32_t ready) {
    if (const std::shared_ptr<SocketChannel> self = weak.lock()) self->OnReady(ready);
  });
}

void SocketChannel::Watch(uint32_t events) {
  loop_->AssertHeld();
  loop_->Rewatch(socket_.fd(), events);
}

void SocketChannel::OnReady(uint32_t events) {
  const std::shared_ptr<SocketChannel> self = shared_from_this();
  if ((events & EPOLLOUT) && open()) {
    std::list<Outgoing> done;
    const int error = Write(&done);
    if (unsent_.empty()) Watch(EPOLLIN);
    for (Outgoing& each : done) {
      if (each.ended) each.ended(Status());
    }
    if (error != 0) Break(Lost(error));
  }
  if ((events & (EPOLLIN | EPOLLERR | EPOLLHUP)) && open()) Read();
}

// What fails here is told by OnReady: the socket stays ready to be written to.
TransferEnded* SocketChannel::Send(std::string_view header, std::span<const std::string_view> payload) {
  RD_CHECK(!header.empty() && header.size() <= message_header_bytes_max);
  if (!open()) return nullptr;  // and was reported
  const bool first = unsent_.empty();
  Outgoing& next = unsent_.emplace_back();
  Prefix prefix{.header_bytes = static_cast<uint32_t>(header.size())};
  for (const std::string_view piece : payload) {
    prefix.payload_bytes += piece.size();
    if (!piece.empty()) next.payload.push_back(piece);
  }
  next.head.assign(reinterpret_cast<const char*>(&prefix), sizeof prefix);
  next.head.append(header);
  next.bytes = next.head.size() + prefix.payload_bytes;
  if (!first) return &next.ended;
  std::list<Outgoing> done;
  Write(&done);
  if (unsent_.empty()) return nullptr;
  Watch(EPOLLIN | EPOLLOUT);
  return &next.ended;
}

// 0, or the error after which nothing more can be written. MSG_DONTWAIT: whether the socket blocks is not ours alone
// to say, the peer has another descriptor of what it gave us.
int SocketChannel::Write(std::list<Outgoing>* done) {
  size_t budget = bytes_per_turn_max;
  while (!unsent_.empty() && budget > 0) {
    Outgoing& next = unsent_.front();
    std::vector<iovec> pieces;
    size_t skip = next.sent;
    const auto add = [&pieces, &skip, &budget](std::string_view piece) {
      const size_t skipped = std::min(skip, piece.size());
      skip -= skipped;
      piece.remove_prefix(skipped);
      if (!piece.empty() && pieces.size() < pieces_at_once_max) {
        pieces.push_back({const_cast<char*>(piece.data()), std::min(piece.size(), budget)});
      }
      return pieces.empty() || (pieces.size() < pieces_at_once_max && pieces.back().iov_len == piece.size());
    };
    bool more = add(next.head);
    for (size_t i = 0; more && i < next.payload.size(); ++i) more = add(next.payload[i]);
    msghdr message{};
    message.msg_iov = pieces.data();
    message.msg_iovlen = pieces.size();
    const ssize_t count = sendmsg(socket_.fd(), &message, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return Later(errno) ? 0 : errno;
    next.sent += static_cast<size_t>(count);
    budget -= std::min(budget, static_cast<size_t>(count));
    if (next.sent == next.bytes) done->splice(done->end(), unsent_, unsent_.begin());
  }
  return 0;
}

void SocketChannel::Read() {
  for (size_t budget = bytes_per_turn_max; open() && budget > 0;) {
    const bool straight = missing_ > 0 && target_ != nullptr;  // then the buffer is empty
    char* const to = straight ? target_ : buffer_.get() + filled_;
    const size_t room = straight ? std::min<uint64_t>(missing_, budget) : buffer_bytes - filled_;
    const ssize_t count = recv(socket_.fd(), to, room, MSG_DONTWAIT);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0 && Later(errno)) return;
    if (count <= 0) return Break(count == 0 ? Status(StatusCode::kUnavailable, "the peer closed the data socket") : Lost(errno));
    budget -= std::min(budget, static_cast<size_t>(count));
    if (straight) {
      Advance(to, static_cast<size_t>(count));
    } else {
      filled_ += static_cast<size_t>(count);
      Parse();
    }
  }
}

void SocketChannel::Parse() {
  size_t at = 0;
  while (open()) {
    size_t used = 0;
    if (missing_ > 0) {
      used = Advance(buffer_.get() + at, filled_ - at);
      if (used == 0) break;
    } else if (!ParseMessage(std::string_view(buffer_.get() + at, filled_ - at), &used)) {
      break;
    }
    at += used;
  }
  std::memmove(buffer_.get(), buffer_.get() + at, filled_ - at);
  filled_ -= at;
}

// False: more bytes must come first, or the channel broke.
bool SocketChannel::ParseMessage(std::string_view bytes, size_t* used) {
  Prefix prefix;
  if (bytes.size() < sizeof prefix) return false;
  std::memcpy(&prefix, bytes.data(), sizeof prefix);
  if (prefix.header_bytes == 0 || prefix.header_bytes > message_header_bytes_max || prefix.reserved != 0) {
    Break(Status(StatusCode::kInvalidArgument, "what came by the data socket is no message"));
    return false;
  }
  const bool along = prefix.payload_bytes <= payload_along_bytes_max;
  *used = sizeof prefix + prefix.header_bytes + (along ? prefix.payload_bytes : 0);
  if (bytes.size() < *used) return false;
  const std::string_view header = bytes.substr(sizeof prefix, prefix.header_bytes);
  const std::string_view payload = bytes.substr(sizeof prefix + prefix.header_bytes, along ? prefix.payload_bytes : 0);
  if (!along) missing_ = prefix.payload_bytes;
  FramedArrival arrival(this, header, prefix.payload_bytes, payload);
  sink_->OnMessage(arrival);
  return true;
}

// So many of the bytes are of the payload that comes in; straight: they lie where they belong.
size_t SocketChannel::Advance(const char* bytes, size_t count) {
  const size_t taken = std::min<uint64_t>(missing_, count);
  missing_ -= taken;
  if (target_ != nullptr) {
    if (bytes != target_) std::memcpy(target_, bytes, taken);
    target_ += taken;
  }
  if (missing_ == 0) {
    target_ = nullptr;
    if (TransferEnded fetched = std::exchange(fetched_, {})) fetched(Status());
  }
  return taken;
}

void SocketChannel::Shut() {
  loop_->AssertHeld();
  if (open()) loop_->Unwatch(socket_.fd());
  socket_ = {};
  target_ = nullptr;
}

void SocketChannel::EndTransfers(const Status& why) {
  if (TransferEnded fetched = std::exchange(fetched_, {})) fetched(why);
  for (Outgoing& each : std::exchange(unsent_, {})) {
    if (each.ended) each.ended(why);
  }
}

void SocketChannel::Break(const Status& why) {
  if (!open()) return;
  Shut();
  EndTransfers(why);
  if (base::Callback<Status> failed = std::exchange(failed_, {})) failed(why);
}

void SocketChannel::Close() {
  failed_ = {};
  Shut();
  loop_->Post([self = shared_from_this()] { self->EndTransfers(Status(StatusCode::kCancelled, "the data socket was closed")); });
}

}  // namespace remote_dram::net
