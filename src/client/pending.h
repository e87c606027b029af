// Pending: the undecided calls of a connection: those in flight, each in a numbered slot, and those that wait for a slot.
//
// A request's number combines its slot and how often the slot was used, so a late reply matches no call. A slot becomes
// free when its call is decided and the server has answered: until the answer the server may still work on the request,
// and the server limits the requests in flight, too. Waits, whose answers may be long in coming, take at most half of the
// slots, so that the calls that would end them get through.
// Memory: holds pointers to calls until they are decided. Threads: the loop's role.
// Failure: Admit refuses calls beyond requests_waiting_max.
// Limits: in_flight_max slots (the server says how many), requests_waiting_max.
#ifndef REMOTE_DRAM_CLIENT_PENDING_H_
#define REMOTE_DRAM_CLIENT_PENDING_H_

#include <cstdint>
#include <deque>
#include <vector>

#include "client/call.h"

namespace remote_dram::client {

class Pending {
 public:
  // Must be called before the first Next.
  void SetInFlightMax(uint32_t in_flight_max) { in_flight_max_ = in_flight_max; }

  // Appends the call to the queue. False, and the call is not admitted, if too many are waiting.
  bool Admit(Call* call);
  // Moves the first waiting call into a free slot and returns it; null if no call waits or no slot is free.
  Call* Next();
  // The server answered this request. Returns its call; null if the call is already decided or the number is wrong.
  Call* Answer(uint64_t number);
  // The call that is in flight under this number is decided.
  void Forget(uint64_t number);
  // The connection is gone: moves the calls in flight back to the front of the queue, in their old order.
  void Requeue();
  // The call that Next would return.
  const Call* Front() {
    const std::deque<Call*>* const queue = NextQueue();
    return queue ? queue->front() : nullptr;
  }
  // Removes a call that was decided while it waited.
  void Drop(const Call& call);

  // Return all calls, or only those whose deadline has passed. Waiting calls are removed; calls in flight stay until
  // they are forgotten.
  std::vector<Call*> TakeAll();
  std::vector<Call*> TakeExpired(net::TimePoint now);
  // Removes and returns the waiting mutations that were sent before, on an earlier connection.
  std::vector<Call*> TakeSentMutations();

  bool waiting() const { return !calls_.empty() || !waits_.empty(); }
  // The earliest deadline of all calls; TimePoint::max() if there is no call.
  net::TimePoint NextDeadline() const;

 private:
  struct Slot {
    Call* call = nullptr;  // null: decided
    uint32_t uses = 0;
    bool answered = true;
    bool waits = false;  // its call is a wait
  };

  std::deque<Call*>& QueueOf(const Call& call) { return call.verb() == wire::Verb::kWait ? waits_ : calls_; }
  std::deque<Call*>* NextQueue();  // null: no call waits that may have a slot, or no slot is free
  Slot* Find(uint64_t number);
  template <typename Predicate>
  void TakeWaiting(Predicate wanted, std::vector<Call*>* to);
  void FreeIfDone(uint32_t index);

  uint32_t in_flight_max_ = 1;
  uint32_t in_flight_ = 0;
  uint64_t admitted_ = 0;
  std::vector<Slot> slots_;
  std::vector<uint32_t> free_;
  uint32_t waits_in_flight_ = 0;
  std::deque<Call*> calls_, waits_;  // that wait for a slot, in their order
};

}  // namespace remote_dram::client

#endif  // REMOTE_DRAM_CLIENT_PENDING_H_
