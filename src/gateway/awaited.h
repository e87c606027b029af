// Awaited: decides whether the store's answer or a cancellation continues an rpc that waits for the store; never both.
//
//            Expect              answer
//   idle ───────────► waiting ───────────► idle (the rpc goes on with the answer)
//     │                  │
//     └── GiveUp ────────┴──► given up for good; an answer that comes later is dropped
//
// Memory: the state is shared with the completions, so an answer may arrive long after the rpc is gone.
// Threads: any. The side that continues the rpc is the only one to touch it until it waits again or finishes the rpc.
// Failure: none.
#ifndef REMOTE_DRAM_GATEWAY_AWAITED_H_
#define REMOTE_DRAM_GATEWAY_AWAITED_H_

#include <atomic>
#include <memory>
#include <utility>

#include "remote_dram/done.h"

namespace remote_dram::gateway {

class Awaited {
 public:
  // The completion for a store call; it continues with call->answer(result). It is empty if the rpc was given up; then the
  // store must not be called.
  template <typename T, typename Call>
  Done<T> Expect(Call* call, void (Call::*answer)(Result<T>)) {
    if (!Move(*state_, State::kIdle, State::kWaiting)) return {};
    return [state = state_, call, answer](Result<T> result) {
      if (Move(*state, State::kWaiting, State::kIdle)) (call->*answer)(std::move(result));
    };
  }

  // Gives the rpc up. True if it waited for an answer: the answer will be dropped, and the caller must finish the rpc.
  bool GiveUp() { return state_->exchange(State::kGivenUp) == State::kWaiting; }

 private:
  enum class State { kIdle, kWaiting, kGivenUp };

  static bool Move(std::atomic<State>& state, State from, State to) {
    return state.compare_exchange_strong(from, to);
  }

  std::shared_ptr<std::atomic<State>> state_ = std::make_shared<std::atomic<State>>(State::kIdle);
};

}  // namespace remote_dram::gateway

#endif  // REMOTE_DRAM_GATEWAY_AWAITED_H_
