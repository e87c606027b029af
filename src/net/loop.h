// Loop: the event loop of one network. It runs all tasks, timers and events of the network, one at a time.
//
// It is the first part of the interface to the outside world (net/network.h). EpollLoop is the production implementation;
// sim::World simulates the clock.
// Memory: a loop must outlive everything that was made on it; a posted task owns what it captured.
// Threads: Post and RunAndAwait from any thread. Everything else requires the loop's role: code that runs inside a task,
// timer or event of the loop holds it. Only one thread holds the role at a time, but not always the same.
// Failure: none.
#ifndef REMOTE_DRAM_NET_LOOP_H_
#define REMOTE_DRAM_NET_LOOP_H_

#include <chrono>
#include <cstdint>
#include <functional>

#include "base/task.h"
#include "base/thread_annotations.h"
#include "remote_dram/latch.h"

namespace remote_dram::net {

using Clock = std::chrono::steady_clock;
using TimePoint = Clock::time_point;

class Loop {
 public:
  virtual ~Loop() = default;

  // Runs the task soon, never inside this call.
  virtual void Post(base::Task task) = 0;

  // Runs `start`, then blocks until the latch is set. `start` posts work that ends in a completion that sets the latch (a
  // task that sets it would not wake the caller). The calling thread may drive the loop meanwhile, and may hold the role
  // even in `start`, which therefore must not wait. Not to be called from a task of the loop; a completion may call it (see
  // Complete).
  virtual void RunAndAwait(const std::function<void()>& start, Latch& latch) = 0;

  virtual TimePoint Now() const = 0;
  // The deadline of a call that begins now. A long timeout may become slightly longer if that saves reading the exact clock.
  virtual TimePoint DeadlineIn(std::chrono::milliseconds timeout) const { return Now() + timeout; }

  // Runs the task after the current task or event has returned, before the loop does anything else.
  virtual void Soon(base::Task task) REQUIRES(role) { Post(std::move(task)); }

  // Schedules a user's completion. It runs soon, without the role, so that it may do anything. It may also wait for
  // anything, except that it may wait for what it posted itself only by RunAndAwait.
  virtual void Complete(base::Task completion) REQUIRES(role) = 0;

  // Runs the task once at or after `when`, unless it is cancelled. Ids are never 0, and never reused.
  virtual uint64_t At(TimePoint when, base::Task task) REQUIRES(role) = 0;
  virtual void Cancel(uint64_t timer) REQUIRES(role) = 0;

  // Whether this thread holds the role, as it may inside `start`; it can then do directly what it would otherwise post.
  virtual bool DrivenHere() const { return false; }

  // For tasks and events, of which the compiler cannot know that they hold the role. Checked at run time.
  virtual void AssertHeld() const ASSERT_CAPABILITY(role) = 0;

  base::LoopRole role;
};

// Runs a function on the loop and waits for it.
void RunOn(Loop& loop, const std::function<void()>& function);

}  // namespace remote_dram::net

#endif  // REMOTE_DRAM_NET_LOOP_H_
