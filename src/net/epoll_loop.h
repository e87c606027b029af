// EpollLoop: the real loop: posted tasks, sources of progress, file descriptors, timers, completions.
//
// One thread at a time drives it: its own (Run), or a caller who waits for an answer and would otherwise
// only be woken by another thread (RunAndAwait). Who drives spins for its SpinLimit after the last event, then
// arms the sources and sleeps on epoll.
//
//   own thread:  asleep in epoll ──event──► drives ──quiet──► asleep
//                     └─────────── a caller drives ─────► naps until callers are gone
//
// Memory: owns its descriptors; sources and watches are removed before what they refer to goes.
// Threads: see Loop. `driven_` says whether someone drives; the role's holder is checked at run time.
// Failure: making one throws nothing and aborts only if the kernel refuses epoll and eventfd.
// Limits: SpinLimit, idle_sleep_max.
#ifndef REMOTE_DRAM_NET_EPOLL_LOOP_H_
#define REMOTE_DRAM_NET_EPOLL_LOOP_H_

#include <atomic>
#include <map>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include "net/loop.h"
#include "net/progress_sources.h"
#include "net/spin_limit.h"
#include "net/timer_queue.h"

namespace remote_dram::net {

class EpollLoop final : public Loop {
 public:
  static constexpr std::chrono::milliseconds idle_sleep_max{1000};
  // Descriptors of which none moved lately are looked at this often while there is no time to sleep. Clock and timers,
  // and descriptors that did, only every so many turns: reading the clock takes as long as a turn without work.
  static constexpr std::chrono::microseconds busy_poll_interval{200};
  static constexpr uint32_t turns_per_look = 64;
  // Timeouts from here on are counted from the end of the kernel's present tick, tick_max at most.
  static constexpr std::chrono::milliseconds coarse_timeout_min{1000};
  static constexpr std::chrono::milliseconds tick_max{10};
  // How long the own thread stays away after a caller's last call.
  static constexpr std::chrono::milliseconds nap{1};

  EpollLoop();
  ~EpollLoop() override;

  // The body of the own thread, until Stop, which may come from any other thread.
  void Run();
  void Stop();

  // After Run has ended, or where it never began: runs what was posted and completed, then `task`, with the
  // role held.
  void RunLast(base::Task task) EXCLUDES(mutex_);

  void Post(base::Task task) override EXCLUDES(mutex_);
  void RunAndAwait(const std::function<void()>& start, Latch& latch) override EXCLUDES(mutex_);
  TimePoint Now() const override { return Clock::now(); }
  TimePoint DeadlineIn(std::chrono::milliseconds timeout) const override;
  void Soon(base::Task task) override REQUIRES(role) { soon_.push_back(std::move(task)); }
  void Complete(base::Task completion) override REQUIRES(role) { completions_.Add(std::move(completion)); }
  uint64_t At(TimePoint when, base::Task task) override REQUIRES(role) { return timers_.Add(when, std::move(task)); }
  void Cancel(uint64_t timer) override REQUIRES(role) { timers_.Cancel(timer); }
  bool DrivenHere() const override { return driver_.load(std::memory_order_relaxed) == std::this_thread::get_id(); }
  void AssertHeld() const override ASSERT_CAPABILITY(role);

  // `ready` runs with the epoll events whenever there are some; it may unwatch any descriptor.
  void Watch(int fd, uint32_t events, base::Callback<uint32_t> ready) REQUIRES(role);
  void Rewatch(int fd, uint32_t events) REQUIRES(role);
  void Unwatch(int fd) REQUIRES(role);
  void AddSource(ProgressSource* source) REQUIRES(role) { sources_.Add(source, Now()); }
  void RemoveSource(ProgressSource* source) REQUIRES(role) { sources_.Remove(source); }

 private:
  enum class Driver { kOwnThread, kCaller };
  // What a driver runs once it has left the seat; mostly one.
  struct Completions {
    base::Task first;
    std::vector<base::Task> others;
    bool concern_others = false;  // callers who wait are to be told when they have run
    bool empty() const { return !first; }
    void Add(base::Task&& completion);
    void Run();
  };
  Completions Drive(Driver driver, const Latch* until) RELEASE(role) EXCLUDES(mutex_);
  bool Turn(bool look_around) REQUIRES(role) EXCLUDES(mutex_);
  bool RunPosted() REQUIRES(role) EXCLUDES(mutex_);
  void RunSoon() REQUIRES(role);
  void RunTimers(TimePoint now) REQUIRES(role);
  bool PollDescriptors(TimePoint now) REQUIRES(role);
  SpinLimit& SpinOf(Driver driver) NO_THREAD_SAFETY_ANALYSIS {
    return driver == Driver::kCaller ? caller_spin_ : own_thread_spin_;
  }
  bool Sleep(Driver driver, const Latch* until) REQUIRES(role) EXCLUDES(mutex_);
  bool MayRest() REQUIRES(mutex_);
  bool RunsCompletionsHere() const;
  void HandInOwnPosts() REQUIRES(mutex_);
  void WakeForPosted() REQUIRES(mutex_);
  void DriveUntil(const std::function<void()>& start, Latch& latch) EXCLUDES(mutex_);
  void WakeSleeper();
  void TellCallers() EXCLUDES(mutex_);
  // A caller comes, and takes the seat if it is free (true); waits for it (false: the latch was set, and the
  // caller has left); leaves.
  bool EnterAsCaller() EXCLUDES(mutex_);
  bool TakeSeatOrLeave(const Latch& latch) EXCLUDES(mutex_);
  void LeaveAsCaller() REQUIRES(mutex_);
  int SleepMilliseconds() const REQUIRES(role);

  void TakeSeat() REQUIRES(mutex_) ACQUIRE(role);
  void LeaveSeat() REQUIRES(mutex_) RELEASE(role);

  const int epoll_fd_;
  const int wake_fd_;
  std::atomic<std::thread::id> driver_{};

  base::Mutex mutex_;
  base::CondVar seat_left_;       // callers wait for it, and for their latches
  base::CondVar own_thread_cv_;   // the own thread waits for its turn
  bool stop_ GUARDED_BY(mutex_) = false;
  bool driven_ GUARDED_BY(mutex_) = false;
  bool own_thread_asleep_ GUARDED_BY(mutex_) = false;  // in epoll
  bool own_thread_rests_ GUARDED_BY(mutex_) = false;   // on own_thread_cv_, until it is called
  bool caller_asleep_ GUARDED_BY(mutex_) = false;      // in epoll, as the driver
  bool caller_armed_ GUARDED_BY(mutex_) = false;       // sources, since the own thread fell asleep
  int callers_ GUARDED_BY(mutex_) = 0;
  uint64_t calls_ended_ GUARDED_BY(mutex_) = 0;
  TimePoint own_thread_wakes_at_ GUARDED_BY(mutex_){};
  TimePoint next_timer_at_ GUARDED_BY(mutex_){};  // when the seat was last left
  std::vector<base::Task> posted_ GUARDED_BY(mutex_);
  std::atomic<bool> any_posted_{false};
  std::atomic<bool> give_way_{false};  // stop_, or callers_ > 0: the own thread leaves the seat

  std::vector<base::Task> soon_ GUARDED_BY(role);
  Completions completions_ GUARDED_BY(role);
  ProgressSources sources_ GUARDED_BY(role){epoll_fd_};
  bool sleeper_ GUARDED_BY(role) = false;  // the own thread was asleep in epoll when the seat was taken, and may be still
  std::map<int, std::shared_ptr<base::Callback<uint32_t>>> watches_ GUARDED_BY(role);
  TimerQueue timers_ GUARDED_BY(role);
  TimePoint last_poll_ GUARDED_BY(role){};
  TimePoint descriptor_moved_at_ GUARDED_BY(role){};  // the last event of one
  uint32_t turns_ GUARDED_BY(role) = 0;
  SpinLimit caller_spin_ GUARDED_BY(role);
  std::atomic<std::thread::id> own_thread_{};
  SpinLimit own_thread_spin_;  // the own thread's alone, as are these
  bool woken_by_clock_ = false;
  bool runs_completions_ = false;
  std::vector<base::Task> own_posts_;  // meanwhile
};

}  // namespace remote_dram::net

#endif  // REMOTE_DRAM_NET_EPOLL_LOOP_H_
