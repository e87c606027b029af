// World: the queue of events and the clock.
#include "net/sim/world.h"

#include <algorithm>

#include "base/check.h"

namespace remote_dram::net::sim {

uint64_t World::At(TimePoint when, base::Task task) {
  const uint64_t id = next_event_++;
  when = std::max(when, now_);
  events_.emplace(std::pair(when, id), std::move(task));
  event_times_.emplace(id, when);
  return id;
}

void World::Cancel(uint64_t id) {
  const auto time = event_times_.find(id);
  if (time == event_times_.end()) return;
  events_.erase(std::pair(time->second, id));
  event_times_.erase(time);
}

TimePoint World::Arrival(TimePoint* last) {
  const std::chrono::nanoseconds delay(1 + random_() % std::chrono::nanoseconds(delay_max).count());
  *last = std::max(*last + std::chrono::nanoseconds(1), now_ + delay);
  return *last;
}

bool World::Step() {
  if (events_.empty()) return false;
  RD_CHECK(++steps_ < events_max);
  const auto first = events_.begin();
  now_ = first->first.first;
  base::Task task = std::move(first->second);
  event_times_.erase(first->first.second);
  events_.erase(first);
  task();
  return true;
}

void World::RunUntil(const Latch& latch) {
  while (!latch.IsSet()) RD_CHECK(Step());
}

void World::RunFor(std::chrono::nanoseconds time) {
  const TimePoint end = now_ + time;
  while (!events_.empty() && events_.begin()->first.first <= end) Step();
  now_ = end;
}

}  // namespace remote_dram::net::sim
