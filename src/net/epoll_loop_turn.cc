// EpollLoop: a single turn, which runs posted tasks, progress sources, descriptors and timers.
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "net/epoll_loop.h"

namespace remote_dram::net {

bool EpollLoop::Turn(bool look_around) {
  bool happened = RunPosted();
  RunSoon();
  happened |= sources_.Ask(look_around);
  RunSoon();
  if (!look_around) return happened;
  const TimePoint now = Now();
  sources_.Judge(now, sleeper_);
  happened |= PollDescriptors(now);
  RunTimers(now);  // does not count as something that happened: its consequences show in a later turn
  RunSoon();
  return happened;
}

void EpollLoop::RunSoon() {
  while (!soon_.empty()) {
    base::Task task = std::move(soon_.back());
    soon_.pop_back();
    task();
  }
}

bool EpollLoop::RunPosted() {
  if (!any_posted_.load(std::memory_order_relaxed)) return false;  // so that no turn without tasks takes the mutex
  std::vector<base::Task> tasks;
  {
    base::MutexLock lock(mutex_);
    tasks.swap(posted_);
    any_posted_.store(false, std::memory_order_relaxed);
  }
  for (base::Task& task : tasks) task();
  return !tasks.empty();
}

// What the last completions of the own thread posted. What others posted meanwhile comes first, as it would have in one queue.
void EpollLoop::RunOwnPosts() {
  if (own_posts_.empty()) return;
  RunPosted();
  for (base::Task& task : own_posts_) task();
  own_posts_.clear();
  RunSoon();
}

bool EpollLoop::PollDescriptors(TimePoint now) {
  if (now - last_poll_ < busy_poll_interval && now - descriptor_moved_at_ >= SpinLimit::longest) return false;
  last_poll_ = now;
  epoll_event events[64];
  const int count = epoll_wait(epoll_fd_, events, 64, 0);
  bool happened = false;
  for (int i = 0; i < count; ++i) {
    if (events[i].data.fd == wake_fd_) {
      uint64_t ignored;
      (void)!read(wake_fd_, &ignored, sizeof ignored);
      continue;
    }
    if (sources_.OnReady(events[i].data.fd)) continue;
    const auto watch = watches_.find(events[i].data.fd);
    if (watch == watches_.end()) continue;  // an earlier event of this batch unwatched it
    const std::shared_ptr<base::Callback<uint32_t>> ready = watch->second;
    (*ready)(events[i].events);
    descriptor_moved_at_ = now;
    happened = true;
  }
  return happened;
}

void EpollLoop::RunTimers(TimePoint now) {
  while (timers_.FirstDue() <= now) timers_.TakeFirst()();
}

std::chrono::milliseconds EpollLoop::IdleSleepFrom(TimePoint now, std::chrono::milliseconds idle_sleep) {
  return 2 * idle_sleep - std::chrono::floor<std::chrono::milliseconds>(now.time_since_epoch() % idle_sleep);
}

int EpollLoop::SleepMilliseconds(TimePoint now) const {
  const auto until_timer = std::chrono::ceil<std::chrono::milliseconds>(timers_.FirstDue() - now);
  return static_cast<int>(std::clamp(until_timer, std::chrono::milliseconds(0), IdleSleepFrom(now, idle_sleep_)).count());
}

TimePoint EpollLoop::DeadlineIn(std::chrono::milliseconds timeout) const {
  if (timeout < coarse_timeout_min) return Now() + timeout;
  timespec last_tick;
  clock_gettime(CLOCK_MONOTONIC_COARSE, &last_tick);  // same epoch as Clock
  return TimePoint(std::chrono::seconds(last_tick.tv_sec) + std::chrono::nanoseconds(last_tick.tv_nsec)) + tick_max + timeout;
}

void EpollLoop::Watch(int fd, uint32_t events, base::Callback<uint32_t> ready) {
  watches_[fd] = std::make_shared<base::Callback<uint32_t>>(std::move(ready));
  epoll_event event{.events = events, .data = {.fd = fd}};
  RD_CHECK(epoll_ctl(epoll_fd_, EPOLL_CTL_ADD, fd, &event) == 0);
}

void EpollLoop::Rewatch(int fd, uint32_t events) {
  epoll_event event{.events = events, .data = {.fd = fd}};
  RD_CHECK(epoll_ctl(epoll_fd_, EPOLL_CTL_MOD, fd, &event) == 0);
}

void EpollLoop::Unwatch(int fd) {
  watches_.erase(fd);
  epoll_ctl(epoll_fd_, EPOLL_CTL_DEL, fd, nullptr);
}

}  // namespace remote_dram::net
