// Call: decided once, finished once.
#include "client/call.h"

#include <cstring>
#include <utility>

#include "base/bytes.h"
#include "base/planted_fault.h"

namespace remote_dram::client {

std::string Call::What() const {
  const std::string subject = key_at_ == 0 ? subject_ : " " + base::Quoted(message().substr(key_at_));
  return name_ + subject;
}

void Call::Begin(net::Loop* loop, Lifeline* lifeline) {
  loop_ = loop;
  lifeline_ = lifeline;
  if (cancel && !cancel.OnCancel(std::move(cancelled), &cancel_number_)) {
    Fail(Status(StatusCode::kCancelled, "cancelled before it began"));
  }
}

void Call::Send(const wire::MessageHeader& header) {
  sent_ = true;
  std::memcpy(message_.data(), &header, sizeof header);
}

void Call::Retract() {
  ++attempt_;
  answered_ = false;
}

net::TransferEnded Call::Lend() {
  ++lent_;
  // The status is ignored: whether the data arrived is known from the reply. What matters here is that the transfer no
  // longer touches the memory.
  return [self = self_](const Status&) {
    --self->lent_;
    self->FinishIfDone();
    if (!self->decided_ && self->lent_ == 0) self->lifeline_->OnReturned();
  };
}

void Call::Fail(const Status& why, bool server_knows_nothing) {
  if (decided_) return;
  const bool unknown = (server_knows_nothing || (mutates() && sent_ && !answered_)) &&
                       !base::Planted(base::PlantedFault::kOutcomeTakenForKnown);
  const std::string what = What();
  // The message of an error that the server sent may already begin with `what`.
  const bool told_what = why.message().compare(0, what.size(), what) == 0;
  Status told(why.code(), (told_what ? "" : what + ": ") + why.message() +
                              (unknown ? "; it is unknown whether this was applied" : ""));
  Decide(unknown ? std::move(told).WithOutcomeUnknown() : told);
}

void Call::Accept(const wire::MessageHeader& header, std::string_view rest, net::Arrival& arrival) {
  if (answered_ || decided_) return;
  answered_ = true;
  if (header.code == static_cast<uint16_t>(StatusCode::kOk)) return Read(header, rest, arrival);
  Fail(Status(static_cast<StatusCode>(header.code), std::string(rest)), header.span != 0);
}

void Call::Fetch(net::Arrival& arrival, char* to, base::Callback<> received, bool lent) {
  net::TransferEnded ended = lent ? Lend() : [](const Status&) {};
  arrival.Fetch(to, [self = self_, attempt = attempt_, received = std::move(received),
                     ended = std::move(ended)](const Status& status) mutable {
    self->OnFetched(attempt, status, received);
    ended(status);
  });
}

void Call::OnFetched(int attempt, const Status& status, base::Callback<>& received) {
  if (decided_ || attempt != attempt_) return;
  const bool looks_away = base::Planted(base::PlantedFault::kClientLooksAwayFromLifeline);
  const bool cut = !looks_away && !lifeline_->ServerIsThere();
  if (status.ok() && !cut) return received();
  lifeline_->Broken(cut ? Status(StatusCode::kUnavailable, "the connection broke while a reply was on its way") : status);
}

void Call::Decide(const Status& status) {
  if (decided_) return;
  decided_ = true;
  if (!status.ok()) outcome_ = status;
  if (cancel_number_ != 0) cancel.Forget(cancel_number_);
  lifeline_->OnDecided(*this);
  FinishIfDone();
}

void Call::FinishIfDone() {
  const bool is_lent = lent() && !base::Planted(base::PlantedFault::kLentMemoryGivenBack);
  if (!decided_ || is_lent || std::exchange(finished_, true)) return;
  loop_->AssertHeld();
  loop_->Complete([this] {
    const std::shared_ptr<Call> self = std::move(self_);  // the call may be destroyed at the end of this scope
    Finish(outcome_);
    keeps.reset();
  });
}

}  // namespace remote_dram::client
