// Fakes of what a call needs, for tests in one thread: a loop without a clock, an arriving message, and a lifeline.
//
// Memory and threads: plain objects of one thread, which always holds the loop's role.
// Failure: none.
#ifndef REMOTE_DRAM_CLIENT_TESTING_H_
#define REMOTE_DRAM_CLIENT_TESTING_H_

#include <string>
#include <utility>
#include <vector>

#include "base/check.h"
#include "client/call.h"
#include "net/fabric.h"
#include "net/loop.h"

namespace remote_dram::client {

class PlainLoop final : public net::Loop {
 public:
  void Post(base::Task task) override { posted_.push_back(std::move(task)); }
  void RunAndAwait(const std::function<void()>& start, Latch& latch) override {
    start();
    RunAll();
    RD_CHECK(latch.IsSet());
  }
  void Complete(base::Task completion) override { completions_.push_back(std::move(completion)); }
  void AssertHeld() const override NO_THREAD_SAFETY_ANALYSIS {}

  // No clock or timers: a call's deadline is watched by its connection, which these tests do without.
  net::TimePoint Now() const override { return {}; }
  uint64_t At(net::TimePoint, base::Task) override { return 1; }
  void Cancel(uint64_t) override {}

  // Runs all tasks and completions, including those that they add.
  void RunAll() {
    while (!posted_.empty() || !completions_.empty()) {
      for (base::Task& task : std::exchange(posted_, {})) task();
      for (base::Task& task : std::exchange(completions_, {})) task();
    }
  }

 private:
  std::vector<base::Task> posted_, completions_;
};

class MadeUpArrival final : public net::Arrival {
 public:
  explicit MadeUpArrival(std::string payload = "", bool comes_along = true)
      : payload_(std::move(payload)), comes_along_(comes_along) {}
  std::string_view header() const override { return {}; }
  uint64_t payload_bytes() const override { return payload_.size(); }
  bool came_along() const override { return comes_along_; }
  std::string_view payload() const override { return payload_; }
  void Fetch(char* to, net::TransferEnded fetched) override {
    payload_.copy(to, payload_.size());
    pending = std::move(fetched);
  }
  std::unique_ptr<net::Endpoint> TakeEndpoint(base::Callback<Status>) override { return nullptr; }

  net::TransferEnded pending;  // set by Fetch; the test runs it to end the transfer

 private:
  const std::string payload_;
  const bool comes_along_;
};

class MadeUpLifeline final : public Lifeline {
 public:
  bool ServerIsThere() const override { return there; }
  void Fault(const char* what) override { fault = what; }
  void Broken(const Status& why) override { broken = why; }
  void OnDecided(Call&) override { ++decided; }
  void OnReturned() override { ++returned; }
  bool there = true;
  std::string fault;
  Status broken;
  int decided = 0, returned = 0;
};

}  // namespace remote_dram::client

#endif  // REMOTE_DRAM_CLIENT_TESTING_H_
