// Fork: the hooks that count forks and close descriptors.
#include "base/fork.h"

#include <pthread.h>
#include <unistd.h>

#include <mutex>
#include <set>
#include <string>

namespace remote_dram::base {

// One per process, because pthread_atfork acts on the whole process. The lock is held during a fork, so that no
// descriptor is open but not yet registered at that moment.
class ForkHooks {
 public:
  static ForkHooks& Get() {
    static ForkHooks* const hooks = Install();  // never destroyed: descriptors may be closed after static destruction
    return *hooks;
  }

  int Open(const std::function<int()>& open) {
    const std::lock_guard<std::mutex> lock(mutex_);
    const int fd = open();
    if (fd >= 0) descriptors_.insert(fd);
    return fd;
  }

  void Release(int fd, bool and_close) {
    const std::lock_guard<std::mutex> lock(mutex_);
    descriptors_.erase(fd);
    if (and_close) close(fd);
  }

 private:
  static ForkHooks* Install() {
    const auto prepare = [] {
      Get().mutex_.lock();
      begun.fetch_add(1);
    };
    pthread_atfork(prepare, [] { Get().mutex_.unlock(); }, [] { Get().InChild(); });
    return new ForkHooks;
  }

  void InChild() {
    Home::forks.fetch_add(1, std::memory_order_relaxed);
    for (const int fd : descriptors_) close(fd);
    mutex_.unlock();
  }

  std::mutex mutex_;
  std::set<int> descriptors_;

 public:
  static std::atomic<uint64_t> begun;
};

std::atomic<uint64_t> ForkHooks::begun{0};

std::atomic<uint64_t> Home::forks{0};

Home::Home() : forks_((ForkHooks::Get(), forks.load(std::memory_order_relaxed))), process_(getpid()) {}

Status Home::Check(std::string_view what) const {
  if (Here()) return Status();
  return Status(StatusCode::kFailedPrecondition,
                "this " + std::string(what) + " belongs to process " + std::to_string(process_) + ", and process " +
                    std::to_string(getpid()) + " is a fork of it: make another one here");
}

ForkCount ForksSoFar() { return {Home::forks.load(std::memory_order_relaxed), ForkHooks::begun.load()}; }

int OpenForThisProcessOnly(const std::function<int()>& open) { return ForkHooks::Get().Open(open); }

void CloseForThisProcess(int fd) { ForkHooks::Get().Release(fd, true); }

void ReleaseForThisProcess(int fd) { ForkHooks::Get().Release(fd, false); }

}  // namespace remote_dram::base
