// KeptMemory: memory of results that are gone, for the next ones of the same class of sizes.
//
// The first use of a page costs several times what copying a value there does.
// Memory: owned by unique_ptr outside, by this object inside. A forked child has another one (see `home`): its
// parent's may be locked for good, and its pages may not be there.
// Threads: any; nothing is mapped or unmapped under the lock.
// Failure: none. Limits: those of Limits; what was kept first goes first, when more is given.
#ifndef REMOTE_DRAM_BASE_KEPT_MEMORY_H_
#define REMOTE_DRAM_BASE_KEPT_MEMORY_H_

#include <chrono>
#include <cstddef>
#include <cstdlib>
#include <memory>
#include <vector>

#include "base/fork.h"
#include "base/thread_annotations.h"

namespace remote_dram::base {

struct FreeMemory {
  void operator()(char* memory) const { std::free(memory); }
};
using ResultMemory = std::unique_ptr<char, FreeMemory>;

class KeptMemory {
 public:
  using Time = std::chrono::steady_clock::time_point;

  struct Limits {
    size_t results_max;
    size_t bytes_max;
    std::chrono::seconds time_max;  // without use
  };

  explicit KeptMemory(const Limits& limits);

  // The size to allocate for `bytes` (8 or more): a power of two or one of three steps to the next, so at most a
  // quarter more.
  static size_t Class(size_t bytes);

  // Memory of `bytes`, a class, with whatever was left in it; the one that was kept last. Null: there is none.
  ResultMemory Take(size_t bytes);
  void Keep(ResultMemory memory, size_t bytes, Time now);

  const Home home;

 private:
  struct Kept {
    ResultMemory memory;
    size_t bytes;
    Time since;
  };

  // Keeps `memory`, or returns another that has to go first.
  ResultMemory KeepOrPop(ResultMemory& memory, size_t bytes, Time now);

  const Limits limits_;
  Mutex mutex_;
  std::vector<Kept> kept_ GUARDED_BY(mutex_);  // oldest first; has room for results_max from the beginning
  size_t bytes_ GUARDED_BY(mutex_) = 0;
};

}  // namespace remote_dram::base

#endif  // REMOTE_DRAM_BASE_KEPT_MEMORY_H_
