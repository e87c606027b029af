// Executor: one thread that runs tasks in the order in which they were posted.
//
// Memory: owns the tasks. The destructor waits until all remaining tasks have run; it must not run on the executor's own
// thread.
// Threads: Post from any thread, and from tasks. A task runs under no lock.
// Failure: none; tasks do not throw.
// Limits: none on the queue; its users bound the number of posted tasks.
#ifndef REMOTE_DRAM_BASE_EXECUTOR_H_
#define REMOTE_DRAM_BASE_EXECUTOR_H_

#include <deque>
#include <thread>

#include "base/task.h"
#include "base/thread_annotations.h"

namespace remote_dram::base {

class Executor {
 public:
  Executor();
  Executor(const Executor&) = delete;
  Executor& operator=(const Executor&) = delete;
  ~Executor();

  void Post(Task task) EXCLUDES(mutex_);

  bool OnOwnThread() const { return std::this_thread::get_id() == thread_.get_id(); }

 private:
  void Loop() EXCLUDES(mutex_);
  // Waits for the next task. Returns an empty one when the queue is empty and the executor is ending.
  Task Next() EXCLUDES(mutex_);

  Mutex mutex_;
  CondVar changed_;
  std::deque<Task> tasks_ GUARDED_BY(mutex_);
  bool ending_ GUARDED_BY(mutex_) = false;
  std::thread thread_;  // last, because the thread uses the other members
};

}  // namespace remote_dram::base

#endif  // REMOTE_DRAM_BASE_EXECUTOR_H_
