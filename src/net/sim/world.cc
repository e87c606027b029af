// World: the event queue, the simulated clock, and the turns of visitors.
#include "net/sim/world.h"

#include <algorithm>

#include "base/check.h"

namespace remote_dram::net::sim {

uint64_t World::At(TimePoint when, base::Task task) { return events_.Add(std::max(when, now_), std::move(task)); }

TimePoint World::Arrival(TimePoint* last) {
  const std::chrono::nanoseconds delay(1 + random_() % std::chrono::nanoseconds(delay_max).count());
  *last = std::max(*last + std::chrono::nanoseconds(1), now_ + delay);
  return *last;
}

bool World::Step() {
  if (events_.empty()) return false;
  RD_CHECK(++steps_ < events_max);
  now_ = events_.FirstDue();
  events_.TakeFirst()();
  for (size_t i = 0; i < visitors_.size(); ++i) {
    if (visitors_[i]->awaited && visitors_[i]->awaited->IsSet()) LetIn(visitors_[i].get());
  }
  return true;
}

void World::RunUntil(const Latch& latch) {
  if (Visitor* const visitor = inside_) {
    visitor->awaited = &latch;
    owners_turn_.Give();
    visitor->turn.Take();
    visitor->awaited = nullptr;
  } else {
    while (!latch.IsSet()) RD_CHECK(Step());
  }
}

void World::RunFor(std::chrono::nanoseconds time) {
  const TimePoint end = now_ + time;
  while (events_.FirstDue() <= end) Step();
  now_ = end;
}

void World::LetIn(Visitor* visitor) {
  inside_ = visitor;
  visitor->turn.Give();
  owners_turn_.Take();
  inside_ = nullptr;
}

void World::Invite(std::function<void()> visit) {
  Visitor* const visitor = visitors_.emplace_back(std::make_unique<Visitor>()).get();
  visitor->thread = std::thread([this, visitor, visit = std::move(visit)] {
    visitor->turn.Take();
    visit();
    visitor->gone = true;
    owners_turn_.Give();
  });
  At(now_, [this, visitor] { LetIn(visitor); });
}

void World::RunVisits() {
  const auto gone = [](const std::unique_ptr<Visitor>& visitor) { return visitor->gone; };
  while (!std::all_of(visitors_.begin(), visitors_.end(), gone)) RD_CHECK(Step());
}

void World::Pause(std::chrono::nanoseconds time) {
  Latch passed;
  At(now_ + time, [&passed] { passed.Set(); });
  RunUntil(passed);
}

World::~World() {
  for (const auto& visitor : visitors_) {
    RD_CHECK(visitor->gone);
    visitor->thread.join();
  }
}

}  // namespace remote_dram::net::sim
