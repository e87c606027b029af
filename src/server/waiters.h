// Waiters: the requests of a session that wait for a key to change, each until its deadline.
//
// Memory: the store, which outlives this, has a callback for each; they are taken back when this is destroyed.
// Threads: the loop's role. The store calls on whichever thread changed the key; from there a mailbox, which
// outlives both, leads back to the loop for as long as this exists.
// Failure: DEADLINE_EXCEEDED when the time is over; whatever EndAll says. A destroyed Waiters answers nobody.
// Limits: what is in flight in a session.
#ifndef REMOTE_DRAM_SERVER_WAITERS_H_
#define REMOTE_DRAM_SERVER_WAITERS_H_

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "net/loop.h"
#include "store/store.h"

namespace remote_dram::server {

class Waiters {
 public:
  using Answer = base::Callback<const Result<StatResult>&>;

  Waiters(store::Store* store, net::Loop* loop);
  Waiters(const Waiters&) = delete;
  Waiters& operator=(const Waiters&) = delete;
  ~Waiters();

  // `answer` runs once, on the loop, soon if the version is another one already. The number is never 0.
  uint64_t Add(std::string_view key, const Generation& while_generation, net::TimePoint deadline, Answer answer);
  void EndAll(const Status& why);
  // Ends one; may be called from any thread and at any time, and does nothing if there is nothing to end.
  std::function<void(const Status& why)> Ender(uint64_t number) const;

 private:
  struct Mailbox;
  struct Waiter {
    std::string key;
    uint64_t watch = 0;  // of the store; 0: it has called
    uint64_t timer = 0;
    Answer answer;
  };

  void End(uint64_t number, const Result<StatResult>& answer);

  store::Store* const store_;
  net::Loop* const loop_;
  const std::shared_ptr<Mailbox> mailbox_;
  std::map<uint64_t, Waiter> waiting_;
  uint64_t last_number_ = 0;
};

}  // namespace remote_dram::server

#endif  // REMOTE_DRAM_SERVER_WAITERS_H_
