// UcxUse: counts uses, and stops new ones when the process ends.
#include "net/ucx/process_end.h"

#include <cstdlib>
#include <thread>

#include "base/fork.h"
#include "base/thread_annotations.h"

namespace remote_dram::net::ucx {
namespace {

class Uses {
 public:
  static Uses& Of() {
    static Uses* const uses = new Uses;
    return *uses;
  }

  void Begin() {
    if (!home_.Here()) return;
    base::MutexLock lock(mutex_);
    while (ender_ != std::thread::id() && ender_ != std::this_thread::get_id()) changed_.Wait(mutex_);
    ++count_;
  }
  void End() {
    if (!home_.Here()) return;
    base::MutexLock lock(mutex_);
    --count_;
    changed_.NotifyAll();
  }

 private:
  Uses() {
    std::atexit([] { Of().EndProcess(); });
  }

  void EndProcess() {
    if (!home_.Here()) return;
    base::MutexLock lock(mutex_);
    ender_ = std::this_thread::get_id();
    const auto deadline = std::chrono::steady_clock::now() + process_end_wait_max;
    while (count_ > 0 && std::chrono::steady_clock::now() < deadline) {
      changed_.WaitFor(mutex_, deadline - std::chrono::steady_clock::now());
    }
  }

  const base::Home home_;
  base::Mutex mutex_;
  base::CondVar changed_;
  int count_ GUARDED_BY(mutex_) = 0;
  std::thread::id ender_ GUARDED_BY(mutex_);  // the thread that ends the process; default: the process is not ending
};

}  // namespace

UcxUse::UcxUse() { Uses::Of().Begin(); }
UcxUse::~UcxUse() { Uses::Of().End(); }

}  // namespace remote_dram::net::ucx
