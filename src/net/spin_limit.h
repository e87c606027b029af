// SpinLimit: how long a loop without work spins before it sleeps; it adapts to how long its sleeps last.
//
// Falling asleep and being woken takes some 25 µs, a third of the time that a value of 1 MiB takes. If a sleep was shorter
// than `longest`, spinning would have been better, so the loop spins for `longest` next time; a longer sleep means that
// there is nothing to spin for. Rule and 200 µs are those of the kernel's halt polling
// (Documentation/virt/kvm/halt-polling.rst).
//
// A thread that spins on a processor delays other threads there, often the very process that would answer. So after
// `alone` it lets them run, and if they run for long, it sleeps at once.
// Memory: one number. Threads: a plain value. Failure: none. Limits: `shortest`, `longest`, `alone`.
#ifndef REMOTE_DRAM_NET_SPIN_LIMIT_H_
#define REMOTE_DRAM_NET_SPIN_LIMIT_H_

#include <sched.h>

#include <chrono>

namespace remote_dram::net {

class SpinLimit {
 public:
  static constexpr std::chrono::microseconds shortest{50};
  static constexpr std::chrono::microseconds longest{200};
  // The time of a round trip over TCP while both sides spin; over shared memory a round trip takes a twentieth of that.
  static constexpr std::chrono::microseconds alone{10};

  std::chrono::microseconds time() const { return time_; }
  void Slept(std::chrono::nanoseconds time) { time_ = time < longest ? longest : shortest; }

 private:
  std::chrono::microseconds time_ = shortest;
};

// Lets other threads run on this processor; takes less than a microsecond if none wants to. True if they ran for so long that
// they probably want more time. Then sleeping is better: a thread that waits for its turn to spin does not notice what
// arrives, but a sleeping thread is woken for it.
inline bool OthersWantTheProcessor() {
  const auto before = std::chrono::steady_clock::now();
  sched_yield();
  return std::chrono::steady_clock::now() - before > SpinLimit::shortest;
}

}  // namespace remote_dram::net

#endif  // REMOTE_DRAM_NET_SPIN_LIMIT_H_
