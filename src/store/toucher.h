// Toucher: a thread that works ahead a piece at a time while there is something to do, and else sleeps.
//
// Memory: owned by what it works for, which its last piece ends before. The thread is there from the first Wake on.
// Threads: Wake from any. In a forked child there is no thread: whoever owns it is left alone there (base/fork.h).
// Failure: none: where the system has no thread to give, nothing is done ahead.
#ifndef REMOTE_DRAM_STORE_TOUCHER_H_
#define REMOTE_DRAM_STORE_TOUCHER_H_

#include <functional>
#include <thread>

#include "base/thread_annotations.h"

namespace remote_dram::store {

class Toucher {
 public:
  // `touch` does a piece; false: there is no more until Wake.
  explicit Toucher(std::function<bool()> touch) : touch_(std::move(touch)) {}
  Toucher(const Toucher&) = delete;
  Toucher& operator=(const Toucher&) = delete;
  ~Toucher();

  void Wake() EXCLUDES(mutex_);

 private:
  void Run() EXCLUDES(mutex_);

  const std::function<bool()> touch_;
  base::Mutex mutex_;
  base::CondVar changed_;
  bool awake_ GUARDED_BY(mutex_) = false;
  bool ended_ GUARDED_BY(mutex_) = false;
  std::thread thread_ GUARDED_BY(mutex_);
};

}  // namespace remote_dram::store

#endif  // REMOTE_DRAM_STORE_TOUCHER_H_
