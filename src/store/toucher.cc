// Toucher: awake, a piece, asleep.
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
  base::TakeUsualSlices();  // who woke it first may be a loop, with short ones
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
