// Cancellation: a handle that cancels any number of calls, at any time.
//
//   GetOptions options;
//   options.cancel = Cancellation::Make();
//   store.Get(key, options, done);
//   options.cancel.Cancel();  // done soon gets CANCELLED, unless the answer arrives first
//
// If a mutation was already sent when it is cancelled, its outcome is unknown (Status::outcome_unknown). Cancelling
// hastens the completion and does not replace it: memory that was lent to the call belongs to the caller again only
// after the completion has run.
// Memory: copies share one state; a call keeps that state alive until the call has ended.
// Threads: any. Failure: none. Cancelling twice, or cancelling a call that has ended, does nothing. A call that is
// started with a cancelled handle fails with CANCELLED at once.
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
  Cancellation() = default;  // an empty handle: calls that take it cannot be cancelled
  // A new handle that is not empty and not cancelled.
  static Cancellation Make() {
    Cancellation made;
    made.state_ = std::make_shared<State>();
    return made;
  }

  // Cancels every call that was started with this handle or a copy of it, and every one that will be. Does nothing on
  // an empty handle.
  void Cancel() const {
    if (state_) state_->Cancel();
  }
  explicit operator bool() const { return state_ != nullptr; }  // false if the handle is empty
  bool cancelled() const { return state_ && state_->cancelled(); }

  // OnCancel and Forget are for implementations of KeyValueStore; the handle must not be empty.
  // Registers a function and sets `number`, which is never 0 and identifies it. The function runs once, under no lock,
  // in the thread that calls Cancel(), unless Forget(number) removes it first. Returns false, and registers nothing,
  // if the handle is already cancelled.
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
