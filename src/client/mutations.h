// Mutations: numbers a client's mutations and tracks which of them are undecided.
//
// The server remembers its answers to mutations from the lowest undecided number on (server/results.h).
// Memory: one bool for each number from the lowest undecided one on. Threads: the loop's role.
// Failure: none. Limits: wire::mutations_window_max numbers; while the window is full no mutation may begin.
#ifndef REMOTE_DRAM_CLIENT_MUTATIONS_H_
#define REMOTE_DRAM_CLIENT_MUTATIONS_H_

#include <cstdint>
#include <deque>

#include "base/check.h"
#include "wire/message.h"

namespace remote_dram::client {

class Mutations {
 public:
  bool full() const { return undecided_.size() >= wire::mutations_window_max; }
  // The lowest undecided number; if none is undecided, the next number that Begin will return.
  uint64_t lowest() const { return first_; }

  uint64_t Begin() {
    RD_CHECK(!full());
    undecided_.push_back(true);
    return first_ + undecided_.size() - 1;
  }
  void End(uint64_t number) {
    RD_CHECK(number >= first_ && undecided_[number - first_]);
    undecided_[number - first_] = false;
    for (; !undecided_.empty() && !undecided_.front(); ++first_) undecided_.pop_front();
  }

 private:
  uint64_t first_ = 1;
  std::deque<bool> undecided_;
};

}  // namespace remote_dram::client

#endif  // REMOTE_DRAM_CLIENT_MUTATIONS_H_
