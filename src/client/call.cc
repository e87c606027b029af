// Call: decided once, finished once.
#include "client/call.h"

#include "base/planted_fault.h"

namespace remote_dram::client {

void Call::Begin(net::Loop* loop, base::Callback<> release, base::Callback<> returned) {
  loop_ = loop;
  release_ = std::move(release);
  returned_ = std::move(returned);
  if (cancel && !cancel.OnCancel(std::move(cancelled), &cancel_number_)) {
    Fail(Status(StatusCode::kCancelled, "cancelled before it began"));
  }
}

void Call::Retract() {
  ++attempt_;
  answered_ = false;
}

net::TransferEnded Call::Lend() {
  ++lent_;
  // Whether it arrived is told by the reply; here it matters only that the memory is no longer touched.
  return [self = shared_from_this()](const Status&) {
    --self->lent_;
    self->FinishIfDone();
    if (!self->decided_ && self->lent_ == 0) self->returned_();
  };
}

void Call::Fail(const Status& why, bool server_knows_nothing) {
  if (decided_) return;
  const bool unknown = (server_knows_nothing || (mutates_ && sent_ && !answered_)) &&
                       !base::Planted(base::PlantedFault::kOutcomeTakenForKnown);
  // A server that says what it refused begins like this itself.
  const bool told_what = why.message().compare(0, what_.size(), what_) == 0;
  Status told(why.code(), (told_what ? "" : what_ + ": ") + why.message() +
                              (unknown ? "; it is unknown whether this was applied" : ""));
  Decide(unknown ? std::move(told).WithOutcomeUnknown() : told);
}

void Call::Accept(const wire::MessageHeader& header, std::string_view rest, net::Arrival& arrival,
                  const std::shared_ptr<Lifeline>& lifeline) {
  if (answered_ || decided_) return;
  answered_ = true;
  if (header.code == static_cast<uint16_t>(StatusCode::kOk)) return Read(header, rest, arrival, lifeline);
  Fail(Status(static_cast<StatusCode>(header.code), std::string(rest)), header.span != 0);
}

void Call::Fetch(net::Arrival& arrival, char* to, const std::shared_ptr<Lifeline>& lifeline,
                 base::Callback<> fetched, net::TransferEnded ended) {
  const bool came_along = arrival.came_along();
  arrival.Receive(to, [self = shared_from_this(), lifeline, came_along, attempt = attempt_, fetched = std::move(fetched),
                       ended = std::move(ended)](const Status& received) mutable {
    self->OnFetched(attempt, came_along, received, *lifeline, fetched);
    ended(received);
  });
}

void Call::OnFetched(int attempt, bool came_along, const Status& received, Lifeline& lifeline, base::Callback<>& fetched) {
  if (decided_ || attempt != attempt_) return;
  const bool looks_away = base::Planted(base::PlantedFault::kClientLooksAwayFromLifeline);
  const bool cut = !came_along && !looks_away && !lifeline.ServerIsThere();
  if (received.ok() && !cut) return fetched();
  lifeline.Broken(cut ? Status(StatusCode::kUnavailable, "the connection broke while a reply was on its way") : received);
}

void Call::Decide(const Status& status) {
  if (decided_) return;
  decided_ = true;
  outcome_ = status;
  if (cancel_number_ != 0) cancel.Forget(cancel_number_);
  base::Callback<> release = std::move(release_);
  const std::shared_ptr<Call> self = shared_from_this();  // the connection lets go of it
  release();
  FinishIfDone();
}

void Call::FinishIfDone() {
  const bool is_lent = lent() && !base::Planted(base::PlantedFault::kLentMemoryGivenBack);
  if (!decided_ || is_lent || finished_) return;
  finished_ = true;
  loop_->AssertHeld();
  loop_->Complete([self = shared_from_this()] { self->Finish(self->outcome_); });
}

}  // namespace remote_dram::client
