// Call: decided once, finished once.
#include "client/call.h"

#include "base/planted_fault.h"

namespace remote_dram::client {

void Call::Begin(net::Loop* loop, base::Callback<> release) {
  loop_ = loop;
  release_ = std::move(release);
}

net::TransferEnded Call::Lend() {
  ++lent_;
  // Whether it arrived is told by the reply; here it matters only that the memory is no longer touched.
  return [self = shared_from_this()](const Status&) {
    --self->lent_;
    self->FinishIfDone();
  };
}

void Call::Fail(const Status& why) {
  if (decided_) return;
  const bool unknown = mutates_ && sent_ && !answered_ && !base::Planted(base::PlantedFault::kOutcomeTakenForKnown);
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
  Fail(Status(static_cast<StatusCode>(header.code), std::string(rest)));
}

void Call::Fetch(net::Arrival& arrival, char* to, const std::shared_ptr<Lifeline>& lifeline,
                 net::TransferEnded fetched) {
  const bool came_along = arrival.came_along();
  arrival.Receive(to, [self = shared_from_this(), lifeline, came_along,
                       fetched = std::move(fetched)](const Status& received) mutable {
    const bool looks_away = base::Planted(base::PlantedFault::kClientLooksAwayFromLifeline);
    const bool cut = received.ok() && !came_along && !looks_away && !lifeline->ServerIsThere();
    fetched(cut ? Status(StatusCode::kUnavailable, "the connection broke while the reply was on its way") : received);
  });
}

void Call::Decide(const Status& status) {
  if (decided_) return;
  decided_ = true;
  outcome_ = status;
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
