// Latch: a flag that is set once and can be waited for.
//
// Memory: whoever waits may destroy it after Wait() returned, even while Set() is about to return.
// Threads: any.
#ifndef REMOTE_DRAM_LATCH_H_
#define REMOTE_DRAM_LATCH_H_

#include <atomic>
#include <condition_variable>
#include <mutex>

namespace remote_dram {

class Latch {
 public:
  void Set() {
    State before = State::kUnset;
    if (state_.compare_exchange_strong(before, State::kSet, std::memory_order_acq_rel)) return;  // nobody waits
    std::lock_guard<std::mutex> lock(mutex_);
    state_.store(State::kSetForWaiter, std::memory_order_release);
    changed_.notify_all();
  }
  bool IsSet() const { return state_.load(std::memory_order_acquire) >= State::kSet; }
  void Wait() {
    State before = state_.load(std::memory_order_acquire);
    if (before == State::kSet) return;
    if (!state_.compare_exchange_strong(before, State::kAwaited, std::memory_order_acq_rel) && before == State::kSet) return;
    std::unique_lock<std::mutex> lock(mutex_);  // Set may hold it still
    changed_.wait(lock, [this] { return IsSet(); });
  }

 private:
  enum class State { kUnset, kAwaited, kSet, kSetForWaiter };

  std::atomic<State> state_{State::kUnset};
  std::mutex mutex_;
  std::condition_variable changed_;
};

}  // namespace remote_dram

#endif  // REMOTE_DRAM_LATCH_H_
