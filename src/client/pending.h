// Pending: the calls of a connection: in flight in numbered slots, and waiting for one.
//
// A request's number is its slot and how often the slot was used, so a late reply finds nothing. A slot is
// free again when its call was decided and the server has answered, for until then the server has work for it:
// it is held to in_flight_max, too.
// Memory: calls are there until they are decided, and forgotten then. Threads: the loop's role.
// Failure: Admit refuses beyond requests_waiting_max.
// Limits: in_flight_max slots (told by the server), requests_waiting_max.
#ifndef REMOTE_DRAM_CLIENT_PENDING_H_
#define REMOTE_DRAM_CLIENT_PENDING_H_

#include <cstdint>
#include <deque>
#include <vector>

#include "client/call.h"

namespace remote_dram::client {

class Pending {
 public:
  // Before the first call goes out.
  void SetInFlightMax(uint32_t in_flight_max) { in_flight_max_ = in_flight_max; }

  // False if too many are waiting already.
  bool Admit(Call* call);
  // The next call that may go out, now in a slot; null if there is none.
  Call* Next();
  // The server answered the request: its call, or null if that was decided before or the number is wrong.
  Call* Answer(uint64_t number);
  // The call was decided.
  void Forget(uint64_t number);
  // The connection is gone: what was in flight waits again, before the others and in its old order.
  void Requeue();
  // The first that waits; null if none does.
  const Call* Front() const { return waiting_.empty() ? nullptr : waiting_.front(); }
  // A call that was decided while it waited.
  void Drop(const Call& call);

  // All calls that are in flight or waiting, or only those whose deadline has come. The waiting ones are
  // taken out; those in flight stay until they are forgotten.
  std::vector<Call*> TakeAll();
  std::vector<Call*> TakeExpired(net::TimePoint now);
  // Of the waiting ones, the mutations that were sent before.
  std::vector<Call*> TakeSentMutations();

  bool waiting() const { return !waiting_.empty(); }
  // TimePoint::max() if there is no call.
  net::TimePoint NextDeadline() const;

 private:
  struct Slot {
    Call* call = nullptr;  // null: decided
    uint32_t uses = 0;
    bool answered = true;
  };

  Slot* Find(uint64_t number);
  template <typename Predicate>
  void TakeWaiting(Predicate wanted, std::vector<Call*>* to);
  void FreeIfDone(uint32_t index);

  uint32_t in_flight_max_ = 1;
  uint32_t in_flight_ = 0;
  uint64_t admitted_ = 0;
  std::vector<Slot> slots_;
  std::vector<uint32_t> free_;
  std::deque<Call*> waiting_;
};

}  // namespace remote_dram::client

#endif  // REMOTE_DRAM_CLIENT_PENDING_H_
