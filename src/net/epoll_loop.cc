// EpollLoop: who drives, and when to sleep. Tasks, timers and descriptors are in epoll_loop_turn.cc.
#include "net/epoll_loop.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>

#include "base/check.h"

namespace remote_dram::net {

EpollLoop::EpollLoop()
    : epoll_fd_(epoll_create1(EPOLL_CLOEXEC)), wake_fd_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  RD_CHECK(epoll_fd_ >= 0);
  RD_CHECK(wake_fd_ >= 0);
  epoll_event event{.events = EPOLLIN, .data = {.fd = wake_fd_}};
  RD_CHECK(epoll_ctl(epoll_fd_, EPOLL_CTL_ADD, wake_fd_, &event) == 0);
}

EpollLoop::~EpollLoop() {
  close(wake_fd_);
  close(epoll_fd_);
}

void EpollLoop::TakeSeat() NO_THREAD_SAFETY_ANALYSIS {  // makes the role: nothing to be held before
  RD_CHECK(!driven_);
  driven_ = true;
  driver_.store(std::this_thread::get_id(), std::memory_order_relaxed);
}

void EpollLoop::LeaveSeat() NO_THREAD_SAFETY_ANALYSIS {
  for (base::Task& task : posted_here_) posted_.push_back(std::move(task));
  if (!posted_here_.empty()) any_posted_.store(true, std::memory_order_relaxed);
  posted_here_.clear();
  next_timer_at_ = timers_.empty() ? TimePoint::max() : timers_.begin()->first.first;
  driver_.store(std::thread::id(), std::memory_order_relaxed);
  driven_ = false;
  if (callers_ > 0) seat_left_.NotifyAll();
}

void EpollLoop::AssertHeld() const { RD_CHECK(IDrive()); }

void EpollLoop::WakeSleeper() {
  const uint64_t one = 1;
  RD_CHECK(write(wake_fd_, &one, sizeof one) == sizeof one);
}

void EpollLoop::Post(base::Task task) NO_THREAD_SAFETY_ANALYSIS {  // who drives has the role
  if (IDrive()) return posted_here_.push_back(std::move(task));
  base::MutexLock lock(mutex_);
  posted_.push_back(std::move(task));
  any_posted_.store(true, std::memory_order_relaxed);
  if (callers_ > 0) {  // one of them drives, or will in a moment
    if (caller_asleep_) WakeSleeper();
  } else if (own_thread_asleep_) {
    WakeSleeper();
  } else {
    own_thread_cv_.NotifyOne();
  }
}

void EpollLoop::Stop() {
  base::MutexLock lock(mutex_);
  stop_ = true;
  give_way_.store(true, std::memory_order_relaxed);
  own_thread_cv_.NotifyOne();
  WakeSleeper();
}

// The own thread stays away from the seat while callers come and go: each call would otherwise wake it.
bool EpollLoop::MayRest() {
  if (!driven_ && callers_ == 0 && !posted_.empty()) return false;
  const uint64_t ended = calls_ended_;
  if (driven_ || callers_ > 0) {
    own_thread_rests_ = true;
    own_thread_cv_.Wait(mutex_);
    own_thread_rests_ = false;
  } else {
    own_thread_cv_.WaitFor(mutex_, nap);
  }
  return calls_ended_ != ended || driven_ || callers_ > 0;
}

void EpollLoop::Run() {
  mutex_.Lock();
  uint64_t calls_seen = calls_ended_;
  while (!stop_) {
    if (driven_ || callers_ > 0 || calls_seen != calls_ended_) {
      calls_seen = calls_ended_;
      if (MayRest()) continue;
      calls_seen = calls_ended_;
    }
    TakeSeat();
    mutex_.Unlock();
    std::vector<base::Task> ready = Drive(Driver::kOwnThread, nullptr);
    for (base::Task& completion : ready) completion();
    ready.clear();
    mutex_.Lock();
    spare_ = std::move(ready);
    TellCallers();
  }
  mutex_.Unlock();
}

void EpollLoop::RunAndAwait(const std::function<void()>& start, Latch& latch) {
  mutex_.Lock();
  ++callers_;
  give_way_.store(true, std::memory_order_relaxed);
  bool seated = !driven_;
  if (seated) TakeSeat();
  mutex_.Unlock();
  start();
  if (!seated) mutex_.Lock();
  while (seated || !latch.IsSet()) {
    if (!seated && driven_) {
      seat_left_.Wait(mutex_);
      continue;
    }
    if (!seated) {
      TakeSeat();
      mutex_.Unlock();
    }
    std::vector<base::Task> ready = Drive(Driver::kCaller, &latch);
    for (base::Task& completion : ready) completion();
    ready.clear();
    mutex_.Lock();
    seated = false;
    spare_ = std::move(ready);
    if (callers_ > 1) TellCallers();
  }
  if (--callers_ == 0) give_way_.store(stop_, std::memory_order_relaxed);
  ++calls_ended_;
  if (callers_ == 0 && own_thread_asleep_) {
    // It knows nothing of what was posted, and of no timer that was set, since it fell asleep.
    if (!posted_.empty() || next_timer_at_ < own_thread_wakes_at_) WakeSleeper();
  } else if (callers_ == 0 && (own_thread_rests_ || !posted_.empty())) {
    own_thread_cv_.NotifyOne();
  }
  mutex_.Unlock();
}

// A completion may have set the latch of a caller, who waits for the seat or has fallen asleep in it.
void EpollLoop::TellCallers() {
  if (callers_ > 0) seat_left_.NotifyAll();
  if (caller_asleep_) WakeSleeper();
}

void EpollLoop::RunLast(base::Task task) NO_THREAD_SAFETY_ANALYSIS {
  {
    base::MutexLock lock(mutex_);
    TakeSeat();
  }
  while (RunPosted()) {
  }
  task();
  std::vector<base::Task> ready = std::move(completions_);
  {
    base::MutexLock lock(mutex_);
    LeaveSeat();
  }
  for (base::Task& completion : ready) completion();
}

// Drives until there are completions to run, the latch is set, or (own thread) it slept or was stopped.
// Leaves the seat before it returns.
std::vector<base::Task> EpollLoop::Drive(Driver driver, const Latch* until) NO_THREAD_SAFETY_ANALYSIS {
  TimePoint quiet_since = TimePoint::max();
  bool seated = true;
  if (driver == Driver::kOwnThread) last_poll_ = TimePoint();  // it may have been a descriptor that woke it
  for (uint32_t turn = 0; seated && completions_.empty() && !(until && until->IsSet()); ++turn) {
    const bool look_around = turn % turns_per_look == 0;
    if (Turn(look_around)) {
      quiet_since = TimePoint::max();
    } else if (look_around) {
      const TimePoint now = Now();
      quiet_since = std::min(quiet_since, now);
      if (now - quiet_since >= spin_max) {
        seated = Sleep(driver, until);
        turn = turns_per_look - 1;  // what woke it may be a descriptor or a timer
      }
    }
    if (driver == Driver::kOwnThread && give_way_.load(std::memory_order_relaxed)) break;
  }
  if (!seated) return {};
  base::MutexLock lock(mutex_);
  std::vector<base::Task> ready = std::exchange(completions_, std::move(spare_));
  spare_.clear();
  LeaveSeat();
  return ready;
}

// Sleeps until something happens. The own thread gives up its seat for that (and returns false), so that a
// caller can begin at once; a caller keeps it.
bool EpollLoop::Sleep(Driver driver, const Latch* until) NO_THREAD_SAFETY_ANALYSIS {
  for (ProgressSource* source : sources_) {
    if (!source->Arm()) return true;
  }
  const int timeout = SleepMilliseconds();
  bool& asleep = driver == Driver::kCaller ? caller_asleep_ : own_thread_asleep_;
  {
    base::MutexLock lock(mutex_);
    if (!posted_.empty() || !posted_here_.empty() || stop_ || (until && until->IsSet())) return true;
    asleep = true;
    if (driver == Driver::kOwnThread) own_thread_wakes_at_ = Now() + std::chrono::milliseconds(timeout);
    if (driver == Driver::kOwnThread) LeaveSeat();
  }
  epoll_event event;
  epoll_wait(epoll_fd_, &event, 1, timeout);  // who drives next looks at everything that is ready
  base::MutexLock lock(mutex_);
  asleep = false;
  if (driver == Driver::kOwnThread) return false;
  last_poll_ = TimePoint();
  return true;
}

}  // namespace remote_dram::net
