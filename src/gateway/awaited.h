// Awaited: who goes on with an rpc that waits for the store: the answer, or the cancellation. Never both.
//
//            Expect              answer
//   idle ───────────► waiting ───────────► idle (the rpc goes on with the answer)
//     │                  │
//     └── GiveUp ────────┴──► given up for good; an answer that comes later is dropped
//
// Memory: the state is shared with the completions, so that an answer may come long after the rpc is
// gone. What the store still needs (`kept`) lives until it has answered.
// Threads: any. Whoever was told to go on is alone until it waits again, or finishes the rpc.
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
  // The completion of a store call, which goes on with call->answer(result). Empty if the rpc was given
  // up: then do not call the store.
  template <typename T, typename Call>
  Done<T> Expect(Call* call, void (Call::*answer)(Result<T>),
                 std::shared_ptr<const void> kept = nullptr) {
    if (!Move(*state_, State::kIdle, State::kWaiting)) return {};
    return [state = state_, call, answer, kept = std::move(kept)](Result<T> result) {
      if (Move(*state, State::kWaiting, State::kIdle)) (call->*answer)(std::move(result));
    };
  }

  // True if an answer was awaited: it will not come any more, and the caller has to finish the rpc.
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
