// CheckAfterFork: refuses TCP, and runs the trial for shared memory.
#include "net/ucx/after_fork.h"

#include <atomic>
#include <chrono>
#include <future>
#include <memory>
#include <thread>

#include "base/fork.h"

namespace remote_dram::net::ucx {
namespace {

constexpr std::chrono::seconds kTrialTime{2};  // a trial takes some 10 ms if the locks are free

bool ComesBack(const std::function<void()>& trial) {
  const auto done = std::make_shared<std::promise<void>>();
  std::future<void> came_back = done->get_future();
  std::thread([trial, done] {
    trial();
    done->set_value();
  }).detach();
  return came_back.wait_for(kTrialTime) == std::future_status::ready;
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
  static std::atomic<uint64_t> free_after{0};  // ForkCount::behind of a good trial; not a mutex, which a fork could leave locked
  const uint64_t forks = base::ForksSoFar().behind;
  if (free_after.load() == forks) return Status();
  if (!ComesBack(trial)) {
    return Status(StatusCode::kFailedPrecondition,
                  "UCX cannot start in this process: it is a fork of one that was inside UCX in that moment, and a lock "
                  "stayed behind; fork again, or start it by exec (in Python, multiprocessing's \"spawn\")");
  }
  free_after.store(forks);
  return Status();
}

}  // namespace remote_dram::net::ucx
