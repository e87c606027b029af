// LocalStore::Wait: waits on a loop of the server, which has the timer for its deadline, not in the calling thread.
#include <utility>

#include "base/validate.h"
#include "server/local_store.h"

namespace remote_dram::server {

void LocalStore::WaitOn(net::Loop* loop) {
  net::RunOn(*loop, [this, loop] { waiters_ = std::make_unique<Waiters>(&store_, loop); });
  base::MutexLock lock(mutex_);
  loop_ = loop;
}

void LocalStore::Stop() {
  stopped_ = true;
  net::Loop* loop = nullptr;
  {
    base::MutexLock lock(mutex_);
    loop = std::exchange(loop_, nullptr);
  }
  if (loop == nullptr) return;
  net::RunOn(*loop, [this] {
    waiters_->EndAll(Status(StatusCode::kUnavailable, "the server was stopped"));
    waiters_.reset();
  });
}

void LocalStore::Wait(std::string_view key, const WaitOptions& options, Done<StatResult> done) {
  Status refused = WhyNot(options.cancel, options.timeout);
  if (refused.ok()) refused = base::CheckKey("wait", key);
  if (refused.ok()) {
    base::MutexLock lock(mutex_);
    if (loop_ != nullptr) {
      TakeAwaited();  // clears the mark: the completion will run on another thread
      return loop_->Post([this, key = std::string(key), options,
                          deadline = loop_->Now() + base::TimeoutOf(options.timeout, timeout_default),
                          done = std::move(done)]() mutable { WaitHere(key, options, deadline, std::move(done)); });
    }
    refused = Status(StatusCode::kUnavailable, "the server was stopped");
  }
  Finish(TakeAwaited(), std::move(done), Result<StatResult>(refused));
}

void LocalStore::WaitHere(std::string_view key, const WaitOptions& options, net::TimePoint deadline,
                          Done<StatResult> done) {
  struct Waiting {
    Done<StatResult> done;
    uint64_t cancel_number = 0;
  };
  auto waiting = std::make_shared<Waiting>();
  waiting->done = std::move(done);
  const auto answer = [this, waiting, cancel = options.cancel](const Result<StatResult>& result) {
    if (waiting->cancel_number != 0) cancel.Forget(waiting->cancel_number);
    completions_.Post([waiting, result] { std::move(waiting->done)(result); });
  };
  const uint64_t number = waiters_->Add(key, options.while_generation, deadline, answer);
  if (!options.cancel) return;
  const auto cancelled = [end = waiters_->Ender(number)] { end(Status(StatusCode::kCancelled, "the wait was cancelled")); };
  if (!options.cancel.OnCancel(cancelled, &waiting->cancel_number)) cancelled();
}

}  // namespace remote_dram::server
