// World: a deterministic network in one thread, with a clock that moves only from event to event.
//
// Every frame and message takes a delay drawn from the seed; what one link or endpoint sends arrives in
// order. The code above the seam is the production code: a test turns the world and looks.
// Memory: outlives its SimNetworks and all that they made. Threads: one, the caller's.
// Failure: none of its own; Kill and Freeze make a network fail as a dead or stopped process does.
// Limits: a run ends after events_max events, as a test that never ends is a defect.
#ifndef REMOTE_DRAM_NET_SIM_WORLD_H_
#define REMOTE_DRAM_NET_SIM_WORLD_H_

#include <cstdint>
#include <map>
#include <random>
#include <set>
#include <string>
#include <utility>

#include "base/task.h"
#include "net/loop.h"

namespace remote_dram::net::sim {

class SimFabric;
class SimListener;
class SimNetwork;

class World {
 public:
  static constexpr uint64_t events_max = 10'000'000;
  static constexpr std::chrono::microseconds delay_max{100};

  explicit World(uint64_t seed) : random_(seed) {}

  TimePoint now() const { return now_; }
  uint64_t Random() { return random_(); }

  // Turns the world until the latch is set; dies if nothing is left that could set it.
  void RunUntil(const Latch& latch);
  // Turns it for some (virtual) time.
  void RunFor(std::chrono::nanoseconds time);

  uint64_t At(TimePoint when, base::Task task);
  void Cancel(uint64_t id);

  // When something sent now on a channel arrives; `last` keeps the channel in order.
  TimePoint Arrival(TimePoint* last);

 private:
  friend class SimFabric;
  friend class SimListener;
  friend class SimNetwork;

  bool Step();

  std::mt19937_64 random_;
  TimePoint now_{std::chrono::hours(1)};
  std::map<std::pair<TimePoint, uint64_t>, base::Task> events_;
  std::map<uint64_t, TimePoint> event_times_;
  uint64_t next_event_ = 1;
  uint64_t steps_ = 0;
  std::map<std::string, SimListener*> listeners_;  // by address
  std::map<std::string, SimFabric*> fabrics_;      // by address
  uint64_t next_fabric_ = 1;
};

}  // namespace remote_dram::net::sim

#endif  // REMOTE_DRAM_NET_SIM_WORLD_H_
