// Latch: a flag that is set once and can be waited for.
//
// Memory: one word. Whoever waits may destroy it after Wait() returned, even while Set() is about to return.
// Threads: any.
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

  void Set() {
    Sleeper* each = last_.exchange(Mark(), std::memory_order_acq_rel);
    while (each != nullptr && each != Mark()) {
      Sleeper* const before = each->before;  // for it goes when it is awake
      each->Wake();
      each = before;
    }
  }
  bool IsSet() const { return last_.load(std::memory_order_acquire) == Mark(); }
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
  // Lies on the stack of who waits, so that a latch that nobody sleeps on needs neither.
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
  // What stands for "set": no sleeper's address.
  static Sleeper* Mark() {
    static char mark;
    return reinterpret_cast<Sleeper*>(&mark);
  }

  std::atomic<Sleeper*> last_{nullptr};  // who sleeps, the last to come first
};

}  // namespace remote_dram

#endif  // REMOTE_DRAM_LATCH_H_
