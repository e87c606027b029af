// SpinLimit: how long a loop without work keeps looking before it sleeps, learnt from how its sleeps end.
//
// To fall asleep and be woken takes some 25 µs here, as long as a third of a value of 1 MiB. A sleep that was shorter than
// `longest` would better have been spun away, and the next will be; one that was longer says that there is nothing to
// spin for. The rule and its 200 µs are those of the kernel's halt polling (Documentation/virt/kvm/halt-polling.rst).
// Memory: one number. Threads: a plain value. Failure: none. Limits: `shortest`, `longest`.
#ifndef REMOTE_DRAM_NET_SPIN_LIMIT_H_
#define REMOTE_DRAM_NET_SPIN_LIMIT_H_

#include <chrono>

namespace remote_dram::net {

class SpinLimit {
 public:
  static constexpr std::chrono::microseconds shortest{50};
  static constexpr std::chrono::microseconds longest{200};

  std::chrono::microseconds time() const { return time_; }
  void Slept(std::chrono::nanoseconds time) { time_ = time < longest ? longest : shortest; }

 private:
  std::chrono::microseconds time_ = shortest;
};

}  // namespace remote_dram::net

#endif  // REMOTE_DRAM_NET_SPIN_LIMIT_H_
