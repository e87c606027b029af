// TimerQueue: tasks, ordered by when they are due.
//
// Memory: owns the tasks; Cancel destroys the task at once. Threads: one at a time. Failure: none.
#ifndef REMOTE_DRAM_NET_TIMER_QUEUE_H_
#define REMOTE_DRAM_NET_TIMER_QUEUE_H_

#include <cstdint>
#include <map>
#include <utility>

#include "base/task.h"
#include "net/loop.h"

namespace remote_dram::net {

class TimerQueue {
 public:
  // Returns an id for Cancel, which is never 0, and never reused.
  uint64_t Add(TimePoint due, base::Task task) {
    const uint64_t id = ++last_id_;
    tasks_.emplace(std::pair(due, id), std::move(task));
    due_.emplace(id, due);
    return id;
  }

  // Has no effect if the task was taken or cancelled before.
  void Cancel(uint64_t id) {
    const auto due = due_.find(id);
    if (due == due_.end()) return;
    tasks_.erase(std::pair(due->second, id));
    due_.erase(due);
  }

  bool empty() const { return tasks_.empty(); }
  // When the first task is due; TimePoint::max() if there is none.
  TimePoint FirstDue() const { return empty() ? TimePoint::max() : tasks_.begin()->first.first; }

  // Takes the first task; the queue must not be empty. Tasks due at the same time are taken in the order in which they were
  // added.
  base::Task TakeFirst() {
    const auto first = tasks_.begin();
    base::Task task = std::move(first->second);
    due_.erase(first->first.second);
    tasks_.erase(first);
    return task;
  }

 private:
  std::map<std::pair<TimePoint, uint64_t>, base::Task> tasks_;
  std::map<uint64_t, TimePoint> due_;  // by id
  uint64_t last_id_ = 0;
};

}  // namespace remote_dram::net

#endif  // REMOTE_DRAM_NET_TIMER_QUEUE_H_
