// RingChannel: write as far as it goes, read, and cut into messages.
#include "net/ring_channel.h"

#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "base/check.h"
#include "base/validate.h"
#include "net/descriptor_passing.h"
#include "net/socket_address.h"

namespace remote_dram::net {
namespace {

constexpr int bells_at_once_max = 16;  // of those that came, times 256

class RingEndpoint final : public Endpoint {
 public:
  explicit RingEndpoint(std::shared_ptr<RingChannel> channel) : channel_(std::move(channel)) {}
  ~RingEndpoint() override { channel_->Close(); }

  TransferEnded* Send(std::string_view header, std::span<const std::string_view> payload) override {
    return channel_->Send(header, payload);
  }
  void SendIntroduction(std::string_view header) override {
    (void)channel_->Send(header, {});
  }
  std::string Lanes() const override { return "ring/memory"; }

 private:
  const std::shared_ptr<RingChannel> channel_;
};

}  // namespace

// A message in the buffer, or whose payload is still to come.
class RingChannel::FramedArrival final : public Arrival {
 public:
  FramedArrival(RingChannel* channel, std::string_view header, uint64_t payload_bytes, std::string_view payload)
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
  RingChannel* const channel_;
  const std::string_view header_;
  const uint64_t payload_bytes_;
  const std::string_view payload_;
};

Result<std::unique_ptr<Endpoint>> MakeRingEndpoint(EpollLoop* loop, MessageSink* sink, base::Descriptor socket,
                                                   base::Callback<Status> failed) {
  Result<PairEnd> end = PairEnd::Receive(socket);
  if (!end.ok()) return end.status();
  auto channel = std::make_shared<RingChannel>(loop, sink, std::move(socket), *std::move(end), std::move(failed));
  channel->Start();
  return std::unique_ptr<Endpoint>(std::make_unique<RingEndpoint>(std::move(channel)));
}

void RingChannel::Start() {
  loop_->AssertHeld();
  loop_->AddSource(this);
  end_.in.SaySleeping();  // whoever sleeps does so already
}

bool RingChannel::Progress() {
  bool readable = false;
  for (int i = 0; i < polls && !readable; ++i) readable = end_.in.Available() > 0;
  const bool moved = (!unsent_.empty() && WriteMore()) || readable;
  if (open() && readable) Read();
  if (end_.in.broken() || end_.out.broken()) {
    Break(Status(StatusCode::kInvalidArgument, "the data path has counts that no correct peer writes"));
  } else if (peer_closed_) {
    Break(Status(StatusCode::kUnavailable, "the peer closed the data path"));
  }
  return moved || !open();
}

bool RingChannel::WriteMore() {
  std::list<Outgoing> done;
  const bool moved = Write(&done);
  for (Outgoing& each : done) {
    if (each.ended) each.ended(Status());
  }
  return moved;
}

// Bells are taken before it is said anew: what rings after that stays to be heard. A bell that was another thread's to hear,
// who sleeps in the same epoll, the loop makes good for.
bool RingChannel::Arm() {
  if (std::exchange(rung_, false)) ListenForBells();
  end_.in.SaySleeping();
  if (!unsent_.empty()) end_.out.SaySleeping();
  const bool readable = end_.in.Available() > 0, writable = !unsent_.empty() && end_.out.Room(1) > 0;
  return !readable && !writable && !peer_closed_ && !end_.in.broken() && !end_.out.broken();
}

// MSG_DONTWAIT: whether the socket blocks is not ours alone to say, the peer has another descriptor of what it gave us.
void RingChannel::ListenForBells() {
  char bells[256];
  for (int i = 0; i < bells_at_once_max && !peer_closed_; ++i) {
    const ssize_t count = recv(socket_.fd(), bells, sizeof bells, MSG_DONTWAIT);
    if (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)) return;
    peer_closed_ = count <= 0;
  }
}

// If there is no room for it, another that the peer has not heard yet is there.
void RingChannel::Ring() { (void)SendBytes(socket_.fd(), "!", -1); }

TransferEnded* RingChannel::Send(std::string_view header, std::span<const std::string_view> payload) {
  RD_CHECK(!header.empty() && header.size() <= message_header_bytes_max);
  if (!open()) return nullptr;  // and was reported
  const Prefix prefix{.header_bytes = static_cast<uint32_t>(header.size()), .payload_bytes = base::BytesOf(payload)};
  const std::string_view prefix_bytes(reinterpret_cast<const char*>(&prefix), sizeof prefix);
  const size_t bytes = sizeof prefix + header.size() + prefix.payload_bytes;
  if (end_.out.large() && unsent_.empty() && !end_.out.ReaderIsHere()) end_.MakeOutSmall();
  if (unsent_.empty() && bytes <= piece_bytes_max && end_.out.Room(bytes) >= bytes) {
    end_.out.Put(prefix_bytes);
    end_.out.Put(header);
    for (const std::string_view piece : payload) end_.out.Put(piece);
    if (end_.out.Publish()) Ring();
    return nullptr;
  }
  Outgoing& next = unsent_.emplace_back();
  next.head = std::string(prefix_bytes).append(header);
  next.payload.assign(payload.begin(), payload.end());
  next.bytes = bytes;
  std::list<Outgoing> done;
  if (unsent_.size() == 1) {
    end_.out.SaySleeping();  // who drives now may leave with this unsent, and whoever drives next sleeps already
    Write(&done);
  }
  return done.empty() ? &next.ended : nullptr;
}

// True: some of it. `done`: what has been written whole.
bool RingChannel::Write(std::list<Outgoing>* done) {
  size_t budget = bytes_per_turn_max;
  JudgeSize();
  while (!unsent_.empty() && budget > 0) {
    Outgoing& next = unsent_.front();
    const size_t left = std::min(next.bytes - next.sent, piece_bytes_max);
    const size_t bytes = std::min<size_t>({left, budget, end_.out.Room(left)});
    full_ = bytes == 0;
    if (full_) break;
    WriteSome(next, bytes);
    if (end_.out.Publish()) Ring();
    budget -= bytes;
    if (next.sent == next.bytes) done->splice(done->end(), unsent_, unsent_.begin());
  }
  return budget < bytes_per_turn_max;
}

// A full ring was emptied by the processor that this side was waiting for: only one of the two runs at a time, and each
// change takes as long as the others there let it.
void RingChannel::JudgeSize() {
  if (std::exchange(full_, false) && end_.out.ReaderIsHere()) end_.MakeOutLarge();
}

void RingChannel::WriteSome(Outgoing& next, size_t bytes) {
  size_t skip = next.sent;
  next.sent += bytes;
  const auto put = [this, &skip, &bytes](std::string_view piece) {
    const size_t skipped = std::min(skip, piece.size());
    skip -= skipped;
    piece = piece.substr(skipped, bytes);
    bytes -= piece.size();
    end_.out.Put(piece);
  };
  put(next.head);
  for (const std::string_view piece : next.payload) put(piece);
}

void RingChannel::Read() {
  for (size_t budget = bytes_per_turn_max; open() && budget > 0;) {
    const bool straight = missing_ > 0 && target_ != nullptr;  // then the buffer is empty
    char* const to = straight ? target_ : buffer_.get() + filled_;
    const size_t room = straight ? std::min<uint64_t>(missing_, piece_bytes_max) : buffer_bytes - filled_;
    const size_t count = std::min<size_t>({room, budget, end_.in.Available()});
    if (count == 0) break;
    end_.in.Take(to, count);
    budget -= count;
    if (straight) {
      Advance(to, count);
    } else {
      filled_ += count;
      Parse();
    }
    if (end_.in.Free()) Ring();
  }
  const bool may_turn = missing_ > 0 || end_.in.large();  // which it does only where all that was read is told
  if (may_turn && end_.in.Free(1)) Ring();
}

void RingChannel::Parse() {
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
bool RingChannel::ParseMessage(std::string_view bytes, size_t* used) {
  Prefix prefix;
  if (bytes.size() < sizeof prefix) return false;
  std::memcpy(&prefix, bytes.data(), sizeof prefix);
  if (prefix.header_bytes == 0 || prefix.header_bytes > message_header_bytes_max || prefix.reserved != 0) {
    Break(Status(StatusCode::kInvalidArgument, "what came by the data path is no message"));
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
size_t RingChannel::Advance(const char* bytes, size_t count) {
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

void RingChannel::Shut() {
  loop_->AssertHeld();
  if (open()) loop_->RemoveSource(this);
  socket_ = {};
  target_ = nullptr;
}

void RingChannel::EndTransfers(const Status& why) {
  if (TransferEnded fetched = std::exchange(fetched_, {})) fetched(why);
  for (Outgoing& each : std::exchange(unsent_, {})) {
    if (each.ended) each.ended(why);
  }
}

void RingChannel::Break(const Status& why) {
  if (!open()) return;
  Shut();
  EndTransfers(why);
  if (base::Callback<Status> failed = std::exchange(failed_, {})) failed(why);
}

// It may run inside Progress, from which this must not vanish: the task keeps it.
void RingChannel::Close() {
  failed_ = {};
  Shut();
  loop_->Post([self = shared_from_this()] { self->EndTransfers(Status(StatusCode::kCancelled, "the data path was closed")); });
}

}  // namespace remote_dram::net
