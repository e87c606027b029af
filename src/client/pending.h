// Pending: the calls of a connection: in flight in numbered slots, and waiting for one.
//
// A request's number is its slot and how often the slot was used, so a late reply finds nothing.
// Memory: shares the calls until they are decided. Threads: the loop's role.
// Failure: Admit refuses beyond requests_waiting_max.
// Limits: in_flight_max slots (told by the server), requests_waiting_max.
#ifndef REMOTE_DRAM_CLIENT_PENDING_H_
#define REMOTE_DRAM_CLIENT_PENDING_H_

#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

#include "client/call.h"

namespace remote_dram::client {

class Pending {
 public:
  // Before the first call goes out.
  void SetInFlightMax(uint32_t in_flight_max) { in_flight_max_ = in_flight_max; }

  // False if too many are waiting already.
  bool Admit(std::shared_ptr<Call> call);
  // The next call that may go out, now in a slot with this number; null if there is none.
  std::shared_ptr<Call> Next(uint64_t* number);
  std::shared_ptr<Call> Find(uint64_t number) const;
  void Release(uint64_t number);

  // All calls that are in flight or waiting, or only those whose deadline has come. The waiting ones are
  // taken out; those in flight stay until they are released.
  std::vector<std::shared_ptr<Call>> TakeAll();
  std::vector<std::shared_ptr<Call>> TakeExpired(net::TimePoint now);

  bool empty() const { return in_flight_ == 0 && waiting_.empty(); }
  // TimePoint::max() if there is no call.
  net::TimePoint NextDeadline() const;

 private:
  struct Slot {
    std::shared_ptr<Call> call;
    uint32_t uses = 0;
  };

  uint32_t in_flight_max_ = 1;
  uint32_t in_flight_ = 0;
  std::vector<Slot> slots_;
  std::vector<uint32_t> free_;
  std::deque<std::shared_ptr<Call>> waiting_;
};

}  // namespace remote_dram::client

#endif  // REMOTE_DRAM_CLIENT_PENDING_H_
