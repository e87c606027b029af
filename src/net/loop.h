// Loop: the thread-like place where everything of one network runs, one step at a time.
//
// The seam's first part; EpollLoop is the real one, sim::World the one with a turned clock.
// Memory: a loop outlives what was made on it; a posted task owns what it captured.
// Threads: Post and RunAndAwait from any thread. Everything else holds the loop's role: it runs inside a
// task, timer or event of the loop, of which there is only one at a time (though not always on one thread).
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

  // Runs `start`, which posts what will have a completion set the latch (a task that sets it would not wake
  // the caller), then blocks until it is set; the calling thread may drive the loop meanwhile, even in `start`,
  // which therefore must not wait. Not from a task of the loop, but from a completion (see Complete).
  virtual void RunAndAwait(const std::function<void()>& start, Latch& latch) = 0;

  virtual TimePoint Now() const = 0;
  // When a call of now must have ended. A long timeout may become a little longer, where that costs less than
  // to read the clock.
  virtual TimePoint DeadlineIn(std::chrono::milliseconds timeout) const { return Now() + timeout; }

  // Runs the task when what runs now has ended, before the loop looks at anything else.
  virtual void Soon(base::Task task) REQUIRES(role) { Post(std::move(task)); }

  // Hands on a user's completion: it runs soon, without the role, so that it may do anything, and await anything but
  // what it has posted itself, other than by RunAndAwait.
  virtual void Complete(base::Task completion) REQUIRES(role) = 0;

  // Runs the task once at or after `when`, unless cancelled. Ids are not reused; 0 is never one.
  virtual uint64_t At(TimePoint when, base::Task task) REQUIRES(role) = 0;
  virtual void Cancel(uint64_t timer) REQUIRES(role) = 0;

  // Whether this thread holds the role, as `start` may: it can do at once what it would post.
  virtual bool DrivenHere() const { return false; }

  // For tasks and events, which the compiler cannot know to hold the role; checked at run time.
  virtual void AssertHeld() const ASSERT_CAPABILITY(role) = 0;

  base::LoopRole role;
};

// Runs a function on the loop and waits for it.
void RunOn(Loop& loop, const std::function<void()>& function);

}  // namespace remote_dram::net

#endif  // REMOTE_DRAM_NET_LOOP_H_
