// Connection: its calls, their deadlines, and what happens when it breaks.
#include "client/connection.h"

#include "base/check.h"

namespace remote_dram::client {
namespace {

std::string Seconds(std::chrono::milliseconds time) {
  std::string text = std::to_string(static_cast<double>(time.count()) / 1000);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text + " s";
}

}  // namespace

// The legal moves, see the header; anything else is a defect of this program.
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

void Connection::Submit(std::shared_ptr<Call> call) {
  hub_->loop().AssertHeld();
  call->Begin(&hub_->loop(), [] {});
  if (state_ == State::kRetired) return call->Fail(retired_);
  if (call->deadline <= hub_->loop().Now()) {
    return call->Fail(Status(StatusCode::kDeadlineExceeded, "the deadline had passed before it was sent"));
  }
  if (!pending_.Admit(call)) {
    return call->Fail(Status(StatusCode::kResourceExhausted,
                             "requests_waiting_max (" + std::to_string(requests_waiting_max) + ") calls are waiting"));
  }
  if (call->deadline < deadline_timer_at_) SetDeadlineTimer();
  if (state_ == State::kIdle) Greet();
  if (state_ == State::kReady) Pump();
}

void Connection::Pump() {
  uint64_t number = 0;
  while (state_ == State::kReady) {
    const std::shared_ptr<Call> call = pending_.Next(&number);
    if (!call) return;
    Send(call, number);
  }
}

void Connection::Send(const std::shared_ptr<Call>& call, uint64_t number) {
  call->Begin(&hub_->loop(), [self = shared_from_this(), number] {
    self->pending_.Forget(number);
    self->Pump();
  });
  std::string message;
  wire::Append(&message, wire::MessageHeader{.token = token_,
                                             .request = number,
                                             .verb = static_cast<uint16_t>(call->verb())});
  message += call->request;
  call->MarkSent();
  endpoint_->Send(message, call->payload, call->payload.empty() ? [](const Status&) {} : call->Lend());
}

void Connection::OnMessage(const wire::MessageHeader& header, std::string_view rest, net::Arrival& arrival) {
  if (state_ == State::kJoining && static_cast<wire::Verb>(header.verb) == wire::Verb::kJoin) return OnJoined();
  if (state_ != State::kReady) return;
  const std::shared_ptr<Call> call = pending_.Answer(header.request);
  if (call && static_cast<wire::Verb>(header.verb) != call->verb()) return Fault("a reply of another verb");
  if (call) call->Accept(header, rest, arrival, AsLifeline());  // else its deadline has passed
  Pump();
}

bool Connection::ServerIsThere() const { return state_ == State::kReady && link_->PeerIsThere(); }

void Connection::Fault(const char* what) {
  Lose(Status(StatusCode::kInternal, options_.name + " broke the protocol: " + what));
}

// Cuts the lifeline before any memory is given back: see Call and reliability of abandoned transfers.
void Connection::Disconnect() {
  net::Loop& loop = hub_->loop();
  loop.AssertHeld();
  if (connect_timer_ != 0) loop.Cancel(std::exchange(connect_timer_, 0));
  if (link_) link_->Cut();
  link_.reset();
  endpoint_.reset();
  if (token_ != 0) hub_->Unregister(std::exchange(token_, 0));
}

void Connection::Lose(const Status& why) {
  if (state_ == State::kIdle || state_ == State::kRetired || state_ == State::kClosed) return;
  const std::shared_ptr<Connection> self = shared_from_this();
  const bool asked_for = why.code() == StatusCode::kCancelled;
  if (!asked_for && !opened_) hub_->log()(LogLevel::kWarning, "the connection is lost: " + why.ToString());
  Disconnect();
  Become(why.code() == StatusCode::kFailedPrecondition && incarnation_ != 0 ? State::kRetired : State::kIdle);
  if (state_ == State::kRetired) retired_ = why;
  for (const std::shared_ptr<Call>& call : pending_.TakeAll()) call->Fail(why);
  pending_.Restart();
  TellOpened(why);
}

void Connection::Close() {
  if (state_ == State::kClosed) return;
  Lose(Status(StatusCode::kCancelled, "the client was closed"));
  net::Loop& loop = hub_->loop();
  loop.AssertHeld();
  if (deadline_timer_ != 0) loop.Cancel(std::exchange(deadline_timer_, 0));
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
  for (const std::shared_ptr<Call>& call : pending_.TakeExpired(loop.Now())) {
    call->Fail(Status(StatusCode::kDeadlineExceeded,
                      "no answer from " + options_.name + " after " + Seconds(call->timeout)));
    if (!call->lent()) continue;
    loop.At(loop.Now() + abandon_grace, [weak = weak_from_this(), call] {
      const std::shared_ptr<Connection> self = weak.lock();
      if (self && call->lent()) {
        self->Lose(Status(StatusCode::kUnavailable, "the connection was given up, with a call whose deadline passed in mid-transfer"));
      }
    });
  }
  SetDeadlineTimer();
}

void Connection::Describe(Reached* reached) const {
  reached->address = options_.name;
  reached->path = path_ == wire::DataPath::kShm ? "shm" : "tcp";
  if (endpoint_) reached->lanes = endpoint_->Lanes();
}

}  // namespace remote_dram::client
