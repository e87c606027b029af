// Executor: a queue, a condition and a loop.
#include "base/executor.h"

#include <utility>

#include "base/check.h"

namespace remote_dram::base {

Executor::Executor() : thread_([this] { Loop(); }) {}

Executor::~Executor() {
  RD_CHECK(!OnOwnThread());
  {
    MutexLock lock(mutex_);
    ending_ = true;
  }
  changed_.NotifyOne();
  thread_.join();
}

void Executor::Post(Task task) {
  {
    MutexLock lock(mutex_);
    tasks_.push_back(std::move(task));
  }
  changed_.NotifyOne();
}

void Executor::Loop() {
  while (Task task = Next()) task();
}

Task Executor::Next() {
  MutexLock lock(mutex_);
  while (tasks_.empty() && !ending_) changed_.Wait(mutex_);
  if (tasks_.empty()) return Task();
  Task task = std::move(tasks_.front());
  tasks_.pop_front();
  return task;
}

}  // namespace remote_dram::base
