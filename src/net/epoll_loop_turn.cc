// EpollLoop: one turn of it: posted tasks, progress, descriptors, timers.
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "net/epoll_loop.h"

namespace remote_dram::net {

bool EpollLoop::Turn(Driver driver, bool look_around) {
  bool happened = any_posted_.load(std::memory_order_relaxed) && RunPosted();
  RunSoon();
  happened |= AskSources(look_around);
  RunSoon();
  if (!look_around) return happened;
  const TimePoint now = Now();
  JudgeSources(driver, now);
  happened |= PollDescriptors(now);
  RunTimers(now);  // what comes of a timer comes later
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

bool EpollLoop::AskSources(bool all) {
  bool happened = false;
  for (size_t i = 0; i < sources_.size(); ++i) {  // there may be more of them after each, and some that are gone
    const bool asked = sources_[i].source != nullptr && (all || sources_[i].lively);
    if (!asked || !sources_[i].source->Progress()) continue;
    sources_[i].moved = true;
    happened = true;
  }
  return happened;
}

// While a caller drives, the own thread may sleep in the same epoll: only its own turns take a source out of the set.
void EpollLoop::JudgeSources(Driver driver, TimePoint now) {
  std::erase_if(sources_, [](const Source& each) { return each.source == nullptr; });
  for (Source& each : sources_) {
    if (std::exchange(each.moved, false)) each.moved_at = now;
    const bool was_lively = std::exchange(each.lively, now - each.moved_at < SpinLimit::shortest);
    if (!was_lively) each.lively_since = now;
    if (!each.lively) {
      SetWatched(each, true);
    } else if (driver == Driver::kOwnThread && now - each.lively_since >= lively_watched_max) {
      SetWatched(each, false);
    }
  }
}

void EpollLoop::SetWatched(Source& source, bool watched) {
  if (source.source == nullptr || source.watched == watched) return;
  source.watched = watched;
  const int fd = source.source->fd();
  epoll_event event{.events = EPOLLIN, .data = {.fd = fd}};
  RD_CHECK(epoll_ctl(epoll_fd_, watched ? EPOLL_CTL_ADD : EPOLL_CTL_DEL, fd, &event) == 0);
}

bool EpollLoop::RunPosted() {
  std::vector<base::Task> tasks;
  {
    base::MutexLock lock(mutex_);
    tasks.swap(posted_);
    any_posted_.store(false, std::memory_order_relaxed);
  }
  for (base::Task& task : tasks) task();
  return !tasks.empty();
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
    const auto source = source_of_.find(events[i].data.fd);
    if (source != source_of_.end()) {
      source->second->OnReady();
      continue;
    }
    const auto watch = watches_.find(events[i].data.fd);
    if (watch == watches_.end()) continue;  // unwatched by an event before this one
    const std::shared_ptr<base::Callback<uint32_t>> ready = watch->second;
    (*ready)(events[i].events);
    descriptor_moved_at_ = now;
    happened = true;
  }
  return happened;
}

void EpollLoop::RunTimers(TimePoint now) {
  while (!timers_.empty() && timers_.begin()->first.first <= now) {
    const auto first = timers_.begin();
    base::Task task = std::move(first->second);
    timer_times_.erase(first->first.second);
    timers_.erase(first);
    task();
  }
}

int EpollLoop::SleepMilliseconds() const {
  auto sleep = std::chrono::duration_cast<std::chrono::milliseconds>(idle_sleep_max);
  if (!timers_.empty()) {
    const auto until_timer = std::chrono::ceil<std::chrono::milliseconds>(timers_.begin()->first.first - Now());
    sleep = std::clamp(until_timer, std::chrono::milliseconds(0), sleep);
  }
  return static_cast<int>(sleep.count());
}

TimePoint EpollLoop::DeadlineIn(std::chrono::milliseconds timeout) const {
  if (timeout < coarse_timeout_min) return Now() + timeout;
  timespec last_tick;
  clock_gettime(CLOCK_MONOTONIC_COARSE, &last_tick);  // Clock's
  return TimePoint(std::chrono::seconds(last_tick.tv_sec) + std::chrono::nanoseconds(last_tick.tv_nsec)) + tick_max + timeout;
}

uint64_t EpollLoop::At(TimePoint when, base::Task task) {
  const uint64_t timer = next_timer_++;
  timers_.emplace(std::pair(when, timer), std::move(task));
  timer_times_.emplace(timer, when);
  return timer;
}

void EpollLoop::Cancel(uint64_t timer) {
  const auto time = timer_times_.find(timer);
  if (time == timer_times_.end()) return;
  timers_.erase(std::pair(time->second, timer));
  timer_times_.erase(time);
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

void EpollLoop::AddSource(ProgressSource* source) {
  source_of_[source->fd()] = source;
  SetWatched(sources_.emplace_back(Source{.source = source, .lively_since = Now()}), true);
}

void EpollLoop::RemoveSource(ProgressSource* source) {
  source_of_.erase(source->fd());
  for (Source& each : sources_) {
    if (each.source != source) continue;
    SetWatched(each, false);
    each.source = nullptr;  // no more, as it may be the one that is being asked: see JudgeSources
  }
}

}  // namespace remote_dram::net
