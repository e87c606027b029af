// EpollLoop: the production implementation of Loop. It runs posted tasks, progress sources, file descriptors, timers and
// completions.
//
// One thread at a time drives it: its own (Run), or a caller that waits for an answer (RunAndAwait) and, by driving itself,
// need not be woken by another thread. The driver spins for its SpinLimit after the last event, then arms the sources and
// sleeps in epoll_wait.
//
//   own thread:  asleep in epoll ──event──► drives ──quiet──► asleep
//                     └─────────── a caller drives ─────► naps until callers are gone
//
// Memory: owns its epoll descriptor and eventfd. Sources and watches must be removed before what they refer to is destroyed.
// Threads: see Loop. `driven_` says whether a thread drives; the holder of the role is checked at run time.
// Failure: the constructor aborts if the kernel refuses epoll or eventfd.
// Limits: SpinLimit, idle_sleep_min.
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
  // A loop with nothing to do and no timer sleeps for at least this long, and at most twice.
  static constexpr std::chrono::milliseconds idle_sleep_min{1000};
  // A driver that does not sleep looks around every turns_per_look turns: it reads the clock, runs timers and polls
  // descriptors. Not every turn, because reading the clock takes as long as a turn without work. If no descriptor had an
  // event lately, descriptors are polled only once per busy_poll_interval.
  static constexpr std::chrono::microseconds busy_poll_interval{200};
  static constexpr uint32_t turns_per_look = 64;
  // Timeouts of at least this are counted from the latest possible end of the kernel's current tick, which lasts at most
  // tick_max: the clock of ticks is cheaper to read.
  static constexpr std::chrono::milliseconds coarse_timeout_min{1000};
  static constexpr std::chrono::milliseconds tick_max{10};
  // How long the own thread stays away from the seat after a caller's last call.
  static constexpr std::chrono::milliseconds nap{1};

  // `idle_sleep`: for idle_sleep_min. Tests make it longer, because after it even an event whose wake-up was lost is noticed.
  explicit EpollLoop(std::chrono::milliseconds idle_sleep = idle_sleep_min);
  ~EpollLoop() override;

  // How long an idle loop sleeps that begins at `now`: until a whole multiple of `idle_sleep`, so that all idle loops of a machine
  // wake together. Each finds in the caches what the ones before it have run, and takes a tenth of the time.
  static std::chrono::milliseconds IdleSleepFrom(TimePoint now, std::chrono::milliseconds idle_sleep);

  // The body of the own thread. Returns after Stop, which any other thread may call.
  void Run();
  void Stop();

  // To be called after Run has returned, or if it was never called: runs the posted tasks, then `task`, with the role
  // held, then the completions.
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

  // `ready` is called with the epoll events whenever there are some; it may unwatch any descriptor, its own, too.
  void Watch(int fd, uint32_t events, base::Callback<uint32_t> ready) REQUIRES(role);
  void Rewatch(int fd, uint32_t events) REQUIRES(role);
  void Unwatch(int fd) REQUIRES(role);
  void AddSource(ProgressSource* source) REQUIRES(role) { sources_.Add(source, Now()); }
  void RemoveSource(ProgressSource* source) REQUIRES(role) { sources_.Remove(source); }

 private:
  enum class Driver { kOwnThread, kCaller };
  // The completions that a driver runs after it has left the seat; usually one.
  struct Completions {
    static constexpr size_t usual = 16;  // room for as many is made at once: replies come in bundles
    base::Task first;
    std::vector<base::Task> others;
    bool concern_others = false;  // waiting callers must be woken after these have run
    bool empty() const { return !first; }
    void Add(base::Task&& completion);
    void Run();
  };
  Completions Drive(Driver driver, const Latch* until) RELEASE(role) EXCLUDES(mutex_);
  bool Turn(bool look_around) REQUIRES(role) EXCLUDES(mutex_);
  bool RunPosted() REQUIRES(role) EXCLUDES(mutex_);
  void RunOwnPosts() REQUIRES(role) EXCLUDES(mutex_);
  void RunSoon() REQUIRES(role);
  void RunTimers(TimePoint now) REQUIRES(role);
  bool PollDescriptors(TimePoint now) REQUIRES(role);
  SpinLimit& SpinOf(Driver driver) NO_THREAD_SAFETY_ANALYSIS {
    return driver == Driver::kCaller ? caller_spin_ : own_thread_spin_;
  }
  bool Sleep(Driver driver, const Latch* until) REQUIRES(role) EXCLUDES(mutex_);
  bool MayRest(bool calls_end) REQUIRES(mutex_);
  bool RunsCompletionsHere() const;
  void HandInOwnPosts() REQUIRES(mutex_);
  void WakeForPosted() REQUIRES(mutex_);
  void DriveUntil(const std::function<void()>& start, Latch& latch) EXCLUDES(mutex_);
  void WakeSleeper();
  void TellCallers() EXCLUDES(mutex_);
  // EnterAsCaller registers a caller, and takes the seat if it is free (true). TakeSeatOrLeave waits for the seat; false:
  // the latch was set, and the caller is no longer registered. LeaveAsCaller ends the registration.
  bool EnterAsCaller() EXCLUDES(mutex_);
  bool TakeSeatOrLeave(const Latch& latch) EXCLUDES(mutex_);
  void LeaveAsCaller() REQUIRES(mutex_);
  int SleepMilliseconds(TimePoint now) const REQUIRES(role);

  void TakeSeat() REQUIRES(mutex_) ACQUIRE(role);
  void LeaveSeat() REQUIRES(mutex_) RELEASE(role);

  const std::chrono::milliseconds idle_sleep_;
  const int epoll_fd_;
  const int wake_fd_;
  std::atomic<std::thread::id> driver_{};

  base::Mutex mutex_;
  base::CondVar seat_left_;       // callers wait here for the seat or their latch
  base::CondVar own_thread_cv_;   // the own thread waits here for its turn
  bool stop_ GUARDED_BY(mutex_) = false;
  bool driven_ GUARDED_BY(mutex_) = false;
  bool own_thread_asleep_ GUARDED_BY(mutex_) = false;  // in epoll_wait
  bool own_thread_rests_ GUARDED_BY(mutex_) = false;   // on own_thread_cv_, without a timeout
  bool caller_asleep_ GUARDED_BY(mutex_) = false;      // in epoll_wait, as the driver
  bool caller_armed_ GUARDED_BY(mutex_) = false;       // a caller armed sources since the own thread's last sleep ended
  int callers_ GUARDED_BY(mutex_) = 0;
  uint64_t calls_ended_ GUARDED_BY(mutex_) = 0;
  TimePoint own_thread_wakes_at_ GUARDED_BY(mutex_){};
  TimePoint next_timer_at_ GUARDED_BY(mutex_){};  // first due timer at the moment when the seat was last left
  std::vector<base::Task> posted_ GUARDED_BY(mutex_);
  std::atomic<bool> any_posted_{false};
  std::atomic<bool> give_way_{false};  // stop_ or callers_ > 0: the own thread leaves the seat

  std::vector<base::Task> soon_ GUARDED_BY(role);
  Completions completions_ GUARDED_BY(role);
  ProgressSources sources_ GUARDED_BY(role){epoll_fd_};
  bool sleeper_ GUARDED_BY(role) = false;  // the own thread slept in epoll_wait when the seat was taken, and may still
  std::map<int, std::shared_ptr<base::Callback<uint32_t>>> watches_ GUARDED_BY(role);
  TimerQueue timers_ GUARDED_BY(role);
  TimePoint last_poll_ GUARDED_BY(role){};
  TimePoint descriptor_moved_at_ GUARDED_BY(role){};  // last event of a watched descriptor
  uint32_t turns_ GUARDED_BY(role) = 0;
  SpinLimit caller_spin_ GUARDED_BY(role);
  std::atomic<std::thread::id> own_thread_{};
  SpinLimit own_thread_spin_;  // this and the members below are used only by the own thread
  bool woken_by_clock_ = false;
  bool runs_completions_ = false;
  std::vector<base::Task> own_posts_;  // posted by completions while runs_completions_
};

}  // namespace remote_dram::net

#endif  // REMOTE_DRAM_NET_EPOLL_LOOP_H_
