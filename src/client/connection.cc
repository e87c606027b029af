// Connection: sending calls, watching their deadlines, and reconnecting.
#include "client/connection.h"

#include <algorithm>

#include "base/check.h"
#include "net/carried_arrival.h"

namespace remote_dram::client {
namespace {

std::string Seconds(std::chrono::milliseconds time) {
  std::string text = std::to_string(static_cast<double>(time.count()) / 1000);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text + " s";
}

}  // namespace

// Checks that the transition is one of those drawn in the header; any other is a defect of this program.
void Connection::Become(State next) {
  const bool back = next == State::kIdle || next == State::kRetired || next == State::kClosed;
  RD_CHECK(state_ != State::kClosed);
  RD_CHECK(back || static_cast<int>(next) == static_cast<int>(state_) + 1);
  state_ = next;
}

void Connection::Open(base::Callback<Status> opened) {
  opened_ = std::move(opened);
  Greet();
}

void Connection::TellOpened(const Status& status) {
  if (!opened_) return;
  base::Callback<Status> opened = std::move(opened_);
  opened_ = {};
  opened(status);
}

void Connection::Submit(Call& call, bool alone) {
  hub_->loop().AssertHeld();
  call.Begin(&hub_->loop(), this);
  if (call.decided()) return;
  if (state_ == State::kRetired) return call.Fail(retired_);
  // Reading the clock is slow, so it is read only if this deadline is earlier than that of the timer. A later one cannot
  // have passed, because the timer would have run.
  const net::TimePoint deadline = call.deadline;
  const bool first = deadline < deadline_timer_at_;
  if (first && deadline <= hub_->loop().Now()) {
    return call.Fail(Status(StatusCode::kDeadlineExceeded, "the deadline had passed before it was sent"));
  }
  if (!pending_.Admit(&call)) {
    return call.Fail(Status(StatusCode::kResourceExhausted,
                            "requests_waiting_max (" + std::to_string(requests_waiting_max) + ") calls are waiting"));
  }
  if (first) SetDeadlineTimer();
  if (state_ == State::kIdle && reconnect_timer_ == 0) Greet();
  Pump(alone);
}

void Connection::Cancel(Call& call) {
  if (call.decided()) return;
  pending_.Drop(call);
  call.Fail(Status(StatusCode::kCancelled, "cancelled"));
  GiveUpTransfer(call);
}

// Sends the waiting calls, in order. If a transfer on an earlier connection still touches the memory of the first one, it
// and all behind it wait until UCX has released that memory (OnReturned).
void Connection::Pump(bool alone) {
  while (state_ == State::kReady) {
    const Call* const front = pending_.Front();
    if (!front || front->lent() || (front->mutates() && front->mutation == 0 && mutations_.full())) break;
    Send(*pending_.Next(), alone);
  }
  if (outbox_.empty()) return;
  if (!std::exchange(flush_due_, true)) hub_->FlushSoon(weak_from_this());
}

void Connection::Flush(bool others_send_too) {
  flush_due_ = false;
  outbox_.Flush(others_send_too);
}

void Connection::Send(Call& call, bool alone) {
  wire::MessageHeader header{.token = token_, .request = call.slot, .verb = static_cast<uint16_t>(call.verb())};
  if (call.mutates()) {
    if (call.mutation == 0) call.mutation = mutations_.Begin();
    header.sequence = call.mutation;
    header.span = static_cast<uint32_t>(call.mutation - mutations_.lowest());
  }
  call.Send(header);
  alone ? outbox_.SendAlone(call) : outbox_.Send(call);
}

// Every message in the bundle must carry this session's token; TakeFromBundle reports another one as a fault.
void Connection::OnBundle(std::string_view rest) {
  while (!rest.empty() && state_ == State::kReady) {
    wire::MessageHeader header;
    std::string_view header_rest, payload;
    const char* const fault = wire::TakeFromBundle(&rest, token_, &header, &header_rest, &payload);
    if (fault != nullptr) return Fault(fault);
    net::CarriedArrival arrival(payload);
    OnMessage(header, header_rest, arrival);
  }
}

void Connection::OnDecided(Call& call) {
  outbox_.Forget(call);
  if (call.slot != 0) pending_.Forget(call.slot);
  if (call.mutation != 0) mutations_.End(call.mutation);
  Pump();
}

void Connection::OnMessage(const wire::MessageHeader& header, std::string_view rest, net::Arrival& arrival) {
  if (state_ == State::kJoining && static_cast<wire::Verb>(header.verb) == wire::Verb::kJoin) return OnJoined();
  if (state_ != State::kReady) return;
  attempts_ = 0;
  const auto verb = static_cast<wire::Verb>(header.verb);
  if (verb == wire::Verb::kBundle) return OnBundle(rest);
  Call* const call = pending_.Answer(header.request);
  if (call && verb != call->verb()) return Fault("a reply of another verb");
  if (call) return call->Accept(header, rest, arrival);
  Pump();  // the call had been decided before; the reply frees its slot
}

bool Connection::ServerIsThere() const { return state_ == State::kReady && link_->PeerIsThere(); }

void Connection::Fault(const char* what) {
  GiveUp(Status(StatusCode::kInternal, options_.name + " broke the protocol: " + what));
}

// Cuts the lifeline first: only then may calls give their memory back (see abandon_grace).
void Connection::Disconnect() {
  net::Loop& loop = hub_->loop();
  loop.AssertHeld();
  if (connect_timer_ != 0) loop.Cancel(std::exchange(connect_timer_, 0));
  if (reconnect_timer_ != 0) loop.Cancel(std::exchange(reconnect_timer_, 0));
  if (link_) link_->Cut();
  link_.reset();
  rings_ = {};
  outbox_.Close();
  endpoint_.reset();
  if (token_ != 0) hub_->Unregister(std::exchange(token_, 0));
  if (!mapping_->open()) mapping_->Close();
}

// The lifeline and the replies come by different channels. So a reply that the server sent before it went may not have
// been noticed yet; the timer gives the loop time to look at both channels.
void Connection::OnClosed(net::LinkEnd end, const Status& why) {
  if (end == net::LinkEnd::kNobodyThere) return GiveUp(why);
  if (state_ != State::kReady) return Lose(why);
  net::Loop& loop = hub_->loop();
  loop.AssertHeld();
  loop.At(loop.Now() + last_words_time, [weak = weak_from_this(), token = token_, why] {
    const std::shared_ptr<Connection> self = weak.lock();
    if (self && self->token_ == token) self->Lose(why);
  });
}

void Connection::Lose(const Status& why) {
  if (state_ == State::kIdle || state_ == State::kRetired || state_ == State::kClosed) return;
  if (opened_) return GiveUp(why);
  const std::shared_ptr<Connection> self = shared_from_this();
  if (lost_.ok()) hub_->log()(LogLevel::kWarning, "the connection is lost: " + why.ToString());
  lost_ = why;
  Disconnect();
  Become(State::kIdle);
  pending_.Requeue();
  if (pending_.waiting()) ConnectAgain();
}

void Connection::ConnectAgain() {
  net::Loop& loop = hub_->loop();
  loop.AssertHeld();
  auto pause = attempts_ == 0 ? std::chrono::milliseconds(0)
                              : std::min(reconnect_pause_min * (1 << std::min(attempts_ - 1, 10)), reconnect_pause_max);
  pause = std::chrono::duration_cast<std::chrono::milliseconds>(pause * (0.5 + hub_->RandomShare() / 2));
  ++attempts_;
  reconnect_timer_ = loop.At(loop.Now() + pause, [weak = weak_from_this()] {
    const std::shared_ptr<Connection> self = weak.lock();
    if (!self) return;
    self->reconnect_timer_ = 0;
    self->Greet();
  });
}

void Connection::GiveUp(const Status& why) {
  if (state_ == State::kRetired || state_ == State::kClosed) return;
  const std::shared_ptr<Connection> self = shared_from_this();
  const bool asked_for = why.code() == StatusCode::kCancelled;
  if (!asked_for && !opened_) hub_->log()(LogLevel::kWarning, "the connection is given up: " + why.ToString());
  Disconnect();
  Become(why.code() == StatusCode::kFailedPrecondition && incarnation_ != 0 ? State::kRetired : State::kIdle);
  if (state_ == State::kRetired) retired_ = why;
  lost_ = Status();
  attempts_ = 0;
  pending_.Requeue();
  for (Call* const call : pending_.TakeAll()) call->Fail(why);
  TellOpened(why);
}

// Fails mutations that were sent before, to a server (or incarnation) that no longer knows their results.
void Connection::FailWhatCannotBeRepeated(const Status& why) {
  for (Call* const call : pending_.TakeSentMutations()) call->Fail(why);
}

void Connection::Close() {
  if (state_ == State::kClosed) return;
  if (state_ == State::kReady) link_->Send(wire::ControlFrame(wire::ControlType::kBye, wire::Bye{}));
  GiveUp(Status(StatusCode::kCancelled, "the client was closed"));
  net::Loop& loop = hub_->loop();
  loop.AssertHeld();
  if (deadline_timer_ != 0) loop.Cancel(std::exchange(deadline_timer_, 0));
  mapping_->Close();
  Become(State::kClosed);
}

void Connection::SetDeadlineTimer() {
  net::Loop& loop = hub_->loop();
  loop.AssertHeld();
  if (deadline_timer_ != 0) loop.Cancel(std::exchange(deadline_timer_, 0));
  deadline_timer_at_ = pending_.NextDeadline();
  if (deadline_timer_at_ == net::TimePoint::max()) return;
  deadline_timer_ = loop.At(deadline_timer_at_, [weak = weak_from_this()] {
    if (const std::shared_ptr<Connection> self = weak.lock()) self->OnDeadline();
  });
}

void Connection::OnDeadline() {
  deadline_timer_ = 0;
  net::Loop& loop = hub_->loop();
  loop.AssertHeld();
  const std::string lost = lost_.ok() ? "" : " (the connection was lost: " + lost_.message() + ")";
  for (Call* const call : pending_.TakeExpired(loop.Now())) {
    const bool unsent = state_ == State::kReady && call->slot == 0;
    const std::string why = unsent ? "waited behind other requests to " : "no answer from ";
    call->Fail(Status(StatusCode::kDeadlineExceeded, why + options_.name + " after " + Seconds(call->timeout) + lost));
    GiveUpTransfer(*call);
  }
  SetDeadlineTimer();
}

void Connection::GiveUpTransfer(const Call& call) {
  if (!call.lent()) return;
  net::Loop& loop = hub_->loop();
  loop.AssertHeld();
  loop.At(loop.Now() + abandon_grace, [weak = weak_from_this(), call = call.self()] {
    const std::shared_ptr<Connection> self = weak.lock();
    if (self && call->lent()) {
      self->Lose(Status(StatusCode::kUnavailable, "the connection was given up, with a call that ended in mid-transfer"));
    }
  });
}

void Connection::Describe(Reached* reached) const {
  reached->address = options_.name;
  const Path data = path_ == wire::DataPath::kShm ? Path::kShm : path_ == wire::DataPath::kRings ? Path::kSocket : Path::kTcp;
  reached->path = NameOfPath(mapping_->open() ? Path::kMapped : data);
  if (endpoint_) reached->lanes = endpoint_->Lanes();
}

}  // namespace remote_dram::client
