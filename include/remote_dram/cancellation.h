// Cancellation: a handle by which calls can be cancelled, any number of them, at any time.
//
//   GetOptions options;
//   options.cancel = Cancellation::Make();
//   store.Get(key, options, done);
//   options.cancel.Cancel();  // done gets CANCELLED soon, unless the answer was quicker
//
// A cancelled mutation that was sent has an unknown outcome. Cancelling hastens the completion and never
// replaces it: the memory that was lent to the call is the caller's again only after that.
// Memory: copies share one state; a call holds on to it until it ended.
// Threads: any. Failure: none; to cancel twice, or what has ended, does nothing. A call that begins with a
// cancelled handle fails at once.
#ifndef REMOTE_DRAM_CANCELLATION_H_
#define REMOTE_DRAM_CANCELLATION_H_

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <utility>

namespace remote_dram {

class Cancellation {
 public:
  Cancellation() = default;  // cannot be cancelled
  static Cancellation Make() {
    Cancellation made;
    made.state_ = std::make_shared<State>();
    return made;
  }

  void Cancel() const {
    if (state_) state_->Cancel();
  }
  explicit operator bool() const { return state_ != nullptr; }
  bool cancelled() const { return state_ && state_->cancelled(); }

  // For implementations of KeyValueStore. False if it is cancelled already; else `cancelled` runs once in
  // Cancel(), unless Forget comes first. The number is never 0.
  bool OnCancel(std::function<void()> cancelled, uint64_t* number) const {
    return state_->Add(std::move(cancelled), number);
  }
  void Forget(uint64_t number) const { state_->Remove(number); }

 private:
  class State {
   public:
    bool Add(std::function<void()> cancelled, uint64_t* number) {
      const std::lock_guard<std::mutex> lock(mutex_);
      if (cancelled_) return false;
      *number = ++last_number_;
      waiting_.emplace(*number, std::move(cancelled));
      return true;
    }
    void Remove(uint64_t number) {
      const std::lock_guard<std::mutex> lock(mutex_);
      waiting_.erase(number);
    }
    bool cancelled() {
      const std::lock_guard<std::mutex> lock(mutex_);
      return cancelled_;
    }
    void Cancel() {
      std::map<uint64_t, std::function<void()>> waiting;
      {
        const std::lock_guard<std::mutex> lock(mutex_);
        cancelled_ = true;
        waiting.swap(waiting_);
      }
      for (auto& [number, cancelled] : waiting) cancelled();
    }

   private:
    std::mutex mutex_;
    bool cancelled_ = false;
    uint64_t last_number_ = 0;
    std::map<uint64_t, std::function<void()>> waiting_;
  };

  std::shared_ptr<State> state_;
};

}  // namespace remote_dram

#endif  // REMOTE_DRAM_CANCELLATION_H_
