// Waiters: the requests of a session, or the calls of a LocalStore, that wait for a key to change, each until its deadline.
//
// Memory: the store, which outlives this, has a callback for each waiter; the destructor takes them back.
// Threads: the loop's role. The store calls back on the thread that changed the key. From there a mailbox, shared with the
// callbacks, posts to the loop for as long as this exists.
// Failure: DEADLINE_EXCEEDED at the deadline, or the status given to EndAll or Ender. A destroyed Waiters calls no answers.
// Limits: none of its own; a session limits its requests in flight.
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

  // `answer` runs once, on the loop; soon if the key already has another version. Returns the waiter's number, never 0.
  uint64_t Add(std::string_view key, const Generation& while_generation, net::TimePoint deadline, Answer answer);
  void EndAll(const Status& why);
  // A function that ends this waiter. It may be called from any thread at any time; if the waiter has ended, it does nothing.
  std::function<void(const Status& why)> Ender(uint64_t number) const;

 private:
  struct Mailbox;
  struct Waiter {
    std::string key;
    uint64_t watch = 0;  // the id of its watch in the store; 0: none is left to take back
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
