// RingChannel: makes progress on the loop, arms itself before a sleep, and ends.
#include "net/ring_channel.h"

#include <string>

namespace remote_dram::net {
namespace {

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
  end_.in.SaySleeping();  // the own thread may already be asleep, so that nobody will arm this new source
}

TransferEnded* RingChannel::Send(std::string_view header, std::span<const std::string_view> payload) {
  if (!open()) return nullptr;
  TransferEnded* const ended = writer_.Send(header, payload);
  CheckLargeRingLater();
  return ended;
}

// Unless it will be checked already, or there is nothing to check.
void RingChannel::CheckLargeRingLater() {
  if (!end_.large || large_ring_check_ != 0 || !open()) return;
  loop_->AssertHeld();
  large_ring_check_ = loop_->At(loop_->DeadlineIn(large_ring_check_interval), [this] {
    large_ring_check_ = 0;
    writer_.GiveUnusedBack();
    CheckLargeRingLater();
  });
}

bool RingChannel::Progress() {
  bool readable = false;
  for (int i = 0; i < polls && !readable; ++i) readable = end_.in.Available() > 0;
  const bool moved = (writer_.waits() && writer_.WriteMore()) || readable;
  CheckLargeRingLater();
  const char* const fault = open() && readable ? reader_.Read() : nullptr;
  if (fault != nullptr) {
    Break(Status(StatusCode::kInvalidArgument, fault));
  } else if (end_.in.broken() || end_.out.broken()) {
    Break(Status(StatusCode::kInvalidArgument, "the data path has counts that no correct peer writes"));
  } else if (peer_closed_) {
    Break(Status(StatusCode::kUnavailable, "the peer closed the data path"));
  }
  return moved || !open();
}

// Bells are consumed before SaySleeping, so that any bell rung after it stays in the socket. If that consumes a bell that
// should have woken another thread, which sleeps on the same epoll set, the loop wakes that thread (LeaveAsCaller).
bool RingChannel::Arm() {
  if (std::exchange(rung_, false)) peer_closed_ = !bell_.Listen();
  end_.in.SaySleeping();
  if (writer_.waits()) end_.out.SaySleeping();
  const bool readable = end_.in.Available() > 0, writable = writer_.MayWrite();
  return !readable && !writable && !peer_closed_ && !end_.in.broken() && !end_.out.broken();
}

void RingChannel::Shut() {
  loop_->AssertHeld();
  if (open()) loop_->RemoveSource(this);
  if (large_ring_check_ != 0) loop_->Cancel(std::exchange(large_ring_check_, 0));
  bell_.Close();
  reader_.Stop();
}

void RingChannel::EndTransfers(const Status& why) {
  reader_.End(why);
  writer_.End(why);
}

void RingChannel::Break(const Status& why) {
  if (!open()) return;
  Shut();
  EndTransfers(why);
  if (base::Callback<Status> failed = std::exchange(failed_, {})) failed(why);
}

// Close may run inside Progress, during which the channel must not be destroyed, so the posted task keeps it alive.
void RingChannel::Close() {
  failed_ = {};
  Shut();
  loop_->Post([self = shared_from_this()] { self->EndTransfers(Status(StatusCode::kCancelled, "the data path was closed")); });
}

}  // namespace remote_dram::net
