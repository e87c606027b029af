// CheckAfterFork: refuses TCP, and runs the trial for shared memory.
#include "net/ucx/after_fork.h"

#include <atomic>
#include <chrono>
#include <future>
#include <thread>

#include "base/fork.h"

namespace remote_dram::net::ucx {
namespace {

constexpr std::chrono::seconds kTrialTime{2};  // a trial takes some 10 ms if the locks are free

// A run of `trial` on a thread of its own, in a process that is so many forks away from the first one.
struct Trial {
  Trial(uint64_t process, const std::function<void()>& trial) : forks(process) {
    std::promise<void> done;
    came_back = done.get_future();
    std::thread([trial, done = std::move(done)]() mutable {
      trial();
      done.set_value();
    }).detach();
  }

  const uint64_t forks;
  const std::chrono::steady_clock::time_point end = std::chrono::steady_clock::now() + kTrialTime;
  std::shared_future<void> came_back;
};

// The trial of this process, which starts with the first call. It is never freed: its thread may stay for ever, and other
// threads may be looking at it. (Not under a mutex, which a fork could leave locked.)
const Trial& TrialHere(const std::function<void()>& trial) {
  static std::atomic<const Trial*> last{nullptr};
  const uint64_t forks = base::ForksSoFar().behind;
  const Trial* here = last.load();
  if (here == nullptr || here->forks != forks) {
    here = new Trial(forks, trial);
    last.store(here);
  }
  return *here;
}

}  // namespace

Status CheckAfterFork(Kind kind, const std::function<void()>& trial) {
  static const base::Home first_use;
  if (first_use.Here()) return Status();
  if (kind == Kind::kTcp) {
    return Status(StatusCode::kFailedPrecondition,
                  "UCX cannot do TCP in this process, a fork of one that used UCX before; start it by exec (in Python, "
                  "multiprocessing's \"spawn\") or use shared memory");
  }
  const Trial& here = TrialHere(trial);
  if (here.came_back.wait_until(here.end) == std::future_status::ready) return Status();
  return Status(StatusCode::kFailedPrecondition,
                "UCX cannot start in this process: it is a fork of one that was inside UCX in that moment, and a lock "
                "stayed behind; fork again, or start it by exec (in Python, multiprocessing's \"spawn\")");
}

}  // namespace remote_dram::net::ucx
