// EpollLoop: which thread drives the loop, and when it sleeps. Tasks, timers and descriptors are in epoll_loop_turn.cc.
//
// The thread that drives has the "seat", and with it the loop's role.
#include "net/epoll_loop.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "base/check.h"
#include "base/short_slice.h"

namespace remote_dram::net {

EpollLoop::EpollLoop(std::chrono::milliseconds idle_sleep)
    : idle_sleep_(idle_sleep), epoll_fd_(epoll_create1(EPOLL_CLOEXEC)), wake_fd_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  RD_CHECK(epoll_fd_ >= 0);
  RD_CHECK(wake_fd_ >= 0);
  epoll_event event{.events = EPOLLIN, .data = {.fd = wake_fd_}};
  RD_CHECK(epoll_ctl(epoll_fd_, EPOLL_CTL_ADD, wake_fd_, &event) == 0);
}

EpollLoop::~EpollLoop() {
  close(wake_fd_);
  close(epoll_fd_);
}

void EpollLoop::TakeSeat() NO_THREAD_SAFETY_ANALYSIS {  // creates the role: there is no capability to check
  RD_CHECK(!driven_);
  driven_ = true;
  sleeper_ = own_thread_asleep_;  // stays true or becomes false: the own thread needs the seat to fall asleep
  driver_.store(std::this_thread::get_id(), std::memory_order_relaxed);
}

void EpollLoop::LeaveSeat() NO_THREAD_SAFETY_ANALYSIS {
  next_timer_at_ = timers_.FirstDue();
  driver_.store(std::thread::id(), std::memory_order_relaxed);
  driven_ = false;
}

void EpollLoop::AssertHeld() const { RD_CHECK(DrivenHere()); }

void EpollLoop::WakeSleeper() {
  const uint64_t one = 1;
  RD_CHECK(write(wake_fd_, &one, sizeof one) == sizeof one);
}

void EpollLoop::Post(base::Task task) {
  // A completion mostly posts its user's next call. Unless callers are waiting, only this thread would run that task, so it
  // keeps the task in own_posts_, without the mutex, until its completions have run.
  const bool completing = RunsCompletionsHere();
  if (completing && !give_way_.load(std::memory_order_relaxed)) return own_posts_.push_back(std::move(task));
  base::MutexLock lock(mutex_);
  if (completing) HandInOwnPosts();
  posted_.push_back(std::move(task));
  WakeForPosted();
}

bool EpollLoop::RunsCompletionsHere() const {
  return own_thread_.load(std::memory_order_relaxed) == std::this_thread::get_id() && runs_completions_;
}

void EpollLoop::HandInOwnPosts() {
  if (own_posts_.empty()) return;
  posted_.insert(posted_.end(), std::move_iterator(own_posts_.begin()), std::move_iterator(own_posts_.end()));
  own_posts_.clear();
  WakeForPosted();
}

void EpollLoop::WakeForPosted() {
  any_posted_.store(true, std::memory_order_relaxed);
  if (callers_ > 0) {  // one of them drives, or is about to
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

// Keeps the own thread away from the seat while callers come and go (`calls_end`: some have gone since it last rested), because
// otherwise every call would wake it. While a single call lasts, it rests until the end of that. Returns true if callers were
// active meanwhile, so that the thread should rest again.
bool EpollLoop::MayRest(bool calls_end) {
  if (!driven_ && callers_ == 0 && !posted_.empty()) return false;
  const uint64_t ended = calls_ended_;
  if (!calls_end && (driven_ || callers_ > 0)) {
    own_thread_rests_ = true;
    own_thread_cv_.Wait(mutex_);
    own_thread_rests_ = false;
  } else {
    own_thread_cv_.WaitFor(mutex_, nap);
  }
  return calls_ended_ != ended || driven_ || callers_ > 0;
}

void EpollLoop::Run() {
  base::TakeShortSlices();
  own_thread_.store(std::this_thread::get_id(), std::memory_order_relaxed);
  mutex_.Lock();
  uint64_t calls_seen = calls_ended_;
  while (!stop_) {
    if (driven_ || callers_ > 0 || calls_seen != calls_ended_) {
      HandInOwnPosts();
      if (MayRest(std::exchange(calls_seen, calls_ended_) != calls_ended_)) continue;
      calls_seen = calls_ended_;
    }
    TakeSeat();
    mutex_.Unlock();
    Completions completions = Drive(Driver::kOwnThread, nullptr);
    runs_completions_ = true;
    completions.Run();
    runs_completions_ = false;
    TellCallers();
    mutex_.Lock();
  }
  HandInOwnPosts();
  mutex_.Unlock();
}

bool EpollLoop::EnterAsCaller() NO_THREAD_SAFETY_ANALYSIS {  // holds the role on return if it returns true
  base::MutexLock lock(mutex_);
  ++callers_;
  give_way_.store(true, std::memory_order_relaxed);
  if (driven_) return false;
  TakeSeat();
  return true;
}

bool EpollLoop::TakeSeatOrLeave(const Latch& latch) NO_THREAD_SAFETY_ANALYSIS {  // as above
  base::MutexLock lock(mutex_);
  while (driven_ && !latch.IsSet()) seat_left_.Wait(mutex_);
  if (latch.IsSet()) {
    LeaveAsCaller();
    return false;
  }
  TakeSeat();
  return true;
}

void EpollLoop::LeaveAsCaller() {
  if (--callers_ == 0) give_way_.store(stop_, std::memory_order_relaxed);
  ++calls_ended_;
  if (callers_ > 0) return;
  if (own_thread_asleep_) {
    // The own thread does not know of tasks posted and timers set since it fell asleep. And a caller may have consumed the
    // event that would have woken it: a caller that armed sources, and then did not sleep, or was woken by that event itself.
    if (caller_armed_ || !posted_.empty() || next_timer_at_ < own_thread_wakes_at_) WakeSleeper();
  } else if (own_thread_rests_ || !posted_.empty()) {
    own_thread_cv_.NotifyOne();
  }
}

void EpollLoop::RunAndAwait(const std::function<void()>& start, Latch& latch) {
  if (!RunsCompletionsHere()) return DriveUntil(start, latch);
  // A completion is waiting: the tasks that it posted must become visible to other drivers, which may have to run them.
  runs_completions_ = false;
  {
    base::MutexLock lock(mutex_);
    HandInOwnPosts();
  }
  DriveUntil(start, latch);
  runs_completions_ = true;
}

void EpollLoop::DriveUntil(const std::function<void()>& start, Latch& latch) NO_THREAD_SAFETY_ANALYSIS {
  bool seated = EnterAsCaller();
  start();
  while (seated || TakeSeatOrLeave(latch)) {
    Completions completions = Drive(Driver::kCaller, &latch);
    completions.Run();
    const bool over = latch.IsSet();
    if (completions.concern_others || !over) TellCallers();
    if (over) return;
    seated = EnterAsCaller();
  }
}

// Wakes callers, because a completion may have set the latch of one that waits for the seat, or sleeps as the driver.
void EpollLoop::TellCallers() {
  base::MutexLock lock(mutex_);
  if (callers_ > 0) seat_left_.NotifyAll();
  if (caller_asleep_) WakeSleeper();
}

void EpollLoop::Completions::Add(base::Task&& completion) {
  if (empty()) {
    first = std::move(completion);
  } else {
    if (others.empty()) others.reserve(usual);
    others.push_back(std::move(completion));
  }
}

void EpollLoop::Completions::Run() {
  if (empty()) return;
  first();
  for (base::Task& each : others) each();
  first = {};
  others.clear();
}

void EpollLoop::RunLast(base::Task task) NO_THREAD_SAFETY_ANALYSIS {
  {
    base::MutexLock lock(mutex_);
    TakeSeat();
  }
  while (RunPosted()) {
  }
  task();
  RunSoon();
  Completions completions = std::exchange(completions_, {});
  {
    base::MutexLock lock(mutex_);
    LeaveSeat();
  }
  completions.Run();
}

// Drives until there are completions to run or the latch is set; the own thread also returns after a sleep, and when it has to
// give way to a caller or to Stop. Leaves the seat before it returns, and with it, as a caller, the number of callers.
EpollLoop::Completions EpollLoop::Drive(Driver driver, const Latch* until) NO_THREAD_SAFETY_ANALYSIS {
  TimePoint quiet_since = TimePoint::max();
  bool seated = true;
  const SpinLimit& spin = SpinOf(driver);
  if (driver == Driver::kOwnThread) {
    last_poll_ = TimePoint();  // poll descriptors at once: one may have woken this thread
    if (std::exchange(woken_by_clock_, false)) quiet_since = TimePoint();  // nothing happened: sleep again without spinning
  }
  while (seated && completions_.empty() && !(until && until->IsSet())) {
    const bool look_around = turns_++ % turns_per_look == 0;
    if (driver == Driver::kOwnThread) RunOwnPosts();  // a turn follows, whatever they complete
    if (Turn(look_around)) {
      quiet_since = TimePoint::max();
    } else if (look_around && completions_.empty()) {  // a timer does not count as progress, but may have added completions
      const TimePoint now = Now();
      quiet_since = std::min(quiet_since, now);
      const auto quiet = now - quiet_since;
      if (quiet >= spin.time() || (quiet >= SpinLimit::alone && OthersWantTheProcessor())) seated = Sleep(driver, until);
    }
    if (driver == Driver::kOwnThread && give_way_.load(std::memory_order_relaxed)) break;
  }
  if (!seated) return {};
  Completions completions = std::exchange(completions_, {});
  base::MutexLock lock(mutex_);
  LeaveSeat();
  if (driver == Driver::kCaller) LeaveAsCaller();
  if (callers_ > 0) seat_left_.NotifyAll();
  // A single completion that sets the latch of the caller that runs it concerns nobody else.
  completions.concern_others = callers_ > 0 || !completions.others.empty() || (until && until->IsSet());
  return completions;
}

// Sleeps until something happens. The own thread gives up the seat first, so that a caller can begin at once, and returns
// false; a caller keeps the seat. Returns true without sleeping if there is something to do.
bool EpollLoop::Sleep(Driver driver, const Latch* until) NO_THREAD_SAFETY_ANALYSIS {
  if (driver == Driver::kCaller) {
    base::MutexLock lock(mutex_);
    caller_armed_ = true;
  }
  if (!sources_.Arm()) return true;
  const TimePoint began = Now();
  const int timeout = SleepMilliseconds(began);
  sources_.WatchAll(began);
  bool& asleep = driver == Driver::kCaller ? caller_asleep_ : own_thread_asleep_;
  {
    base::MutexLock lock(mutex_);
    if (!posted_.empty() || stop_ || (until && until->IsSet())) return true;
    asleep = true;
    turns_ = 0;  // the next turn looks around, because a descriptor or a timer may end the sleep
    if (driver == Driver::kOwnThread) {
      own_thread_wakes_at_ = began + std::chrono::milliseconds(timeout);
      LeaveSeat();
      if (callers_ > 0) seat_left_.NotifyAll();
    }
  }
  epoll_event event;
  const int ready = epoll_wait(epoll_fd_, &event, 1, timeout);  // the event is ignored: the next driver polls everything
  SpinOf(driver).Slept(Now() - began);
  base::MutexLock lock(mutex_);
  asleep = false;
  if (driver == Driver::kOwnThread) {
    caller_armed_ = false;
    woken_by_clock_ = ready == 0;
    return false;
  }
  last_poll_ = TimePoint();
  return true;
}

}  // namespace remote_dram::net
