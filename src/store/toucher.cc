// Toucher: sleeps until Wake, then works piece by piece while there is more.
#include "store/toucher.h"

#include <system_error>

#include "base/short_slice.h"

namespace remote_dram::store {

Toucher::~Toucher() {
  std::thread thread;
  {
    base::MutexLock lock(mutex_);
    ended_ = true;
    thread.swap(thread_);
  }
  changed_.NotifyAll();
  if (thread.joinable()) thread.join();
}

void Toucher::Wake() {
  {
    base::MutexLock lock(mutex_);
    if (awake_) return;
    awake_ = true;
    if (!thread_.joinable()) {
      try {
        thread_ = std::thread([this] { Run(); });
      } catch (const std::system_error&) {
        awake_ = false;
      }
      return;
    }
  }
  changed_.NotifyAll();
}

void Toucher::Run() {
  base::TakeUsualSlices();  // a new thread inherits its creator's slices, and a loop's are short
  base::MutexLock lock(mutex_);
  while (!ended_) {
    if (!awake_) {
      changed_.Wait(mutex_);
      continue;
    }
    awake_ = false;
    mutex_.Unlock();
    const bool more = touch_();
    mutex_.Lock();
    awake_ = awake_ || more;
  }
}

}  // namespace remote_dram::store
