// Latch: a flag that is set once, and that threads can wait for.
//
// Memory: one word. A thread may destroy the latch as soon as its Wait() has returned, even if the thread that called
// Set() has not returned from it yet.
// Threads: any; several may wait. Failure: none.
#ifndef REMOTE_DRAM_LATCH_H_
#define REMOTE_DRAM_LATCH_H_

#include <atomic>
#include <condition_variable>
#include <mutex>

namespace remote_dram {

class Latch {
 public:
  Latch() = default;
  Latch(const Latch&) = delete;
  Latch& operator=(const Latch&) = delete;

  // Wakes every waiting thread. Setting the latch again does nothing.
  void Set() {
    Sleeper* each = last_.exchange(Mark(), std::memory_order_acq_rel);
    while (each != nullptr && each != Mark()) {
      Sleeper* const before = each->before;  // read first: a woken thread destroys its Sleeper
      each->Wake();
      each = before;
    }
  }
  bool IsSet() const { return last_.load(std::memory_order_acquire) == Mark(); }
  // Blocks until the latch is set. What was written before Set() is visible after Wait() and after a true IsSet().
  void Wait() {
    if (IsSet()) return;
    Sleeper sleeper;
    sleeper.before = last_.load(std::memory_order_acquire);
    do {
      if (sleeper.before == Mark()) return;
    } while (!last_.compare_exchange_weak(sleeper.before, &sleeper, std::memory_order_acq_rel));
    sleeper.Sleep();
  }

 private:
  // One waiting thread. It lies on that thread's stack, so a latch that no thread sleeps on needs neither a mutex nor a
  // condition variable.
  class Sleeper {
   public:
    void Sleep() {
      std::unique_lock<std::mutex> lock(mutex_);
      woken_.wait(lock, [this] { return awake_; });
    }
    void Wake() {
      const std::lock_guard<std::mutex> lock(mutex_);
      awake_ = true;
      woken_.notify_one();
    }
    Sleeper* before = nullptr;

   private:
    std::mutex mutex_;
    std::condition_variable woken_;
    bool awake_ = false;
  };
  // The value of last_ that means "set"; it is the address of no Sleeper.
  static Sleeper* Mark() {
    static char mark;
    return reinterpret_cast<Sleeper*>(&mark);
  }

  std::atomic<Sleeper*> last_{nullptr};  // Mark() once set; before, a linked list of the sleepers, the latest first
};

}  // namespace remote_dram

#endif  // REMOTE_DRAM_LATCH_H_
