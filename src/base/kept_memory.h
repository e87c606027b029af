// KeptMemory: a cache of memory that held results; it is reused for later results of the same size class.
//
// It exists because the first touch of a fresh page costs several times as much as copying a value into it.
// Memory: this object owns what it keeps; a ResultMemory owns what Take handed out. A forked child uses an object of its
// own (see `home`): its parent's mutex may stay locked for ever, and its parent's pages may not be mapped there.
// Threads: any; nothing is mapped or unmapped under the lock.
// Failure: none. Limits: those of Limits; memory is dropped oldest first, and only while Keep adds more.
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
    std::chrono::seconds time_max;  // for which memory may stay unused
  };

  explicit KeptMemory(const Limits& limits);

  // The size to allocate for `bytes` (8 or more): the next power of two, or one of three evenly spaced steps below it.
  // It is at most a quarter larger than `bytes`.
  static size_t Class(size_t bytes);

  // The most recently kept memory of exactly `bytes`, which is a class size; its old content is still there. Null: none
  // is kept.
  ResultMemory Take(size_t bytes);
  void Keep(ResultMemory memory, size_t bytes, Time now);

  const Home home;

 private:
  struct Kept {
    ResultMemory memory;
    size_t bytes;
    Time since;
  };

  // Keeps `memory` and returns null, or leaves it with the caller and returns the oldest kept memory, which must be freed
  // first.
  ResultMemory KeepOrPop(ResultMemory& memory, size_t bytes, Time now);

  const Limits limits_;
  Mutex mutex_;
  std::vector<Kept> kept_ GUARDED_BY(mutex_);  // oldest first; the constructor reserves room for results_max
  size_t bytes_ GUARDED_BY(mutex_) = 0;
};

}  // namespace remote_dram::base

#endif  // REMOTE_DRAM_BASE_KEPT_MEMORY_H_
