// SpinLimit: how long a loop without work keeps looking before it sleeps, learnt from how its sleeps end.
//
// To fall asleep and be woken takes some 25 µs here, as long as a third of a value of 1 MiB. A sleep that was shorter than
// `longest` would better have been spun away, and the next will be; one that was longer says that there is nothing to
// spin for. The rule and its 200 µs are those of the kernel's halt polling (Documentation/virt/kvm/halt-polling.rst).
//
// Whoever spins on a processor that others want keeps them waiting, often the very process that would answer: after
// `alone` it lets them run, and sleeps at once if they take long.
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
  // What a round trip takes over TCP while both sides spin; over shared memory it is a twentieth.
  static constexpr std::chrono::microseconds alone{10};

  std::chrono::microseconds time() const { return time_; }
  void Slept(std::chrono::nanoseconds time) { time_ = time < longest ? longest : shortest; }

 private:
  std::chrono::microseconds time_ = shortest;
};

// Lets other threads run on this processor if some want to, which takes less than a microsecond if none does. True if they
// took so long that they will want more of it: while one waits for a turn, nothing that arrives is noticed, but who
// sleeps is woken for it.
inline bool OthersWantTheProcessor() {
  const auto before = std::chrono::steady_clock::now();
  sched_yield();
  return std::chrono::steady_clock::now() - before > SpinLimit::shortest;
}

}  // namespace remote_dram::net

#endif  // REMOTE_DRAM_NET_SPIN_LIMIT_H_
