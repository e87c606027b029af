// TimerQueue: tasks and when each of them is due.
//
// Memory: owns the tasks; a cancelled one goes at once. Threads: one at a time. Failure: none.
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
  // The id, for Cancel: never 0, never used again.
  uint64_t Add(TimePoint due, base::Task task) {
    const uint64_t id = ++last_id_;
    tasks_.emplace(std::pair(due, id), std::move(task));
    due_.emplace(id, due);
    return id;
  }

  // Nothing if it has been taken or cancelled.
  void Cancel(uint64_t id) {
    const auto due = due_.find(id);
    if (due == due_.end()) return;
    tasks_.erase(std::pair(due->second, id));
    due_.erase(due);
  }

  bool empty() const { return tasks_.empty(); }
  // When the first is due; TimePoint::max(): there is none.
  TimePoint FirstDue() const { return empty() ? TimePoint::max() : tasks_.begin()->first.first; }

  // The first one, which there must be: of those that are due at the same time, the one that was added first.
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
