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
    std::lock_guard<std::mutex> lock(mutex_);
    set_.store(true, std::memory_order_release);
    changed_.notify_all();
  }
  bool IsSet() const { return set_.load(std::memory_order_acquire); }
  void Wait() {
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait(lock, [this] { return IsSet(); });
  }

 private:
  std::atomic<bool> set_{false};
  std::mutex mutex_;
  std::condition_variable changed_;
};

}  // namespace remote_dram

#endif  // REMOTE_DRAM_LATCH_H_
