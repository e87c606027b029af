// Toucher: a thread that does work in advance, one piece at a time, and sleeps when there is none.
//
// Memory: owned by the object it works for; the destructor waits for the last piece. The thread starts at the first Wake.
// Threads: Wake from any. A forked child does not have the thread, so it must not destroy the owner (base/fork.h).
// Failure: none: if the system refuses a thread, nothing is done in advance.
#ifndef REMOTE_DRAM_STORE_TOUCHER_H_
#define REMOTE_DRAM_STORE_TOUCHER_H_

#include <functional>
#include <thread>

#include "base/thread_annotations.h"

namespace remote_dram::store {

class Toucher {
 public:
  // `touch` does one piece of work. False: there is no more until the next Wake.
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
