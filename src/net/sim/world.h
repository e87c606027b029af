// World: a deterministic network in one thread, with a clock that moves only from event to event.
//
// Every frame and message takes a delay drawn from the seed; what one link or endpoint sends arrives in
// order. The code above the seam is the production code: a test turns the world and looks. Code that makes
// waiting calls is a visitor: it has a thread, but stands still but for its turns, which come in one order.
// Memory: outlives its SimNetworks and all that they made. Threads: one at a time, the owner's or a visitor's.
// Failure: none of its own; Kill and Freeze make a network fail as a dead or stopped process does.
// Limits: a run ends after events_max events, as a test that never ends is a defect.
#ifndef REMOTE_DRAM_NET_SIM_WORLD_H_
#define REMOTE_DRAM_NET_SIM_WORLD_H_

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <random>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/task.h"
#include "net/loop.h"
#include "net/timer_queue.h"

namespace remote_dram::net::sim {

class SimFabric;
class SimListener;
class SimNetwork;

// A turn that is given and taken. It waits asleep: libstdc++'s semaphores spin, on busy machines for minutes.
class Turn {
 public:
  void Give() {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      given_ = true;
    }
    changed_.notify_one();
  }
  void Take() {
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait(lock, [this] { return given_; });
    given_ = false;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool given_ = false;
};

class World {
 public:
  static constexpr uint64_t events_max = 10'000'000;
  static constexpr std::chrono::microseconds delay_max{100};

  explicit World(uint64_t seed) : random_(seed) {}
  ~World();

  TimePoint now() const { return now_; }
  uint64_t Random() { return random_(); }

  // Turns the world until the latch is set; dies if nothing is left that could set it. A visitor only waits.
  void RunUntil(const Latch& latch);
  // Turns it for some (virtual) time.
  void RunFor(std::chrono::nanoseconds time);

  // Runs `visit` as soon as the world is turned.
  void Invite(std::function<void()> visit);
  // Turns the world until all visits are over.
  void RunVisits();
  // In a visit: until this time has passed.
  void Pause(std::chrono::nanoseconds time);

  uint64_t At(TimePoint when, base::Task task);
  void Cancel(uint64_t id) { events_.Cancel(id); }

  // When something sent now on a channel arrives; `last` keeps the channel in order.
  TimePoint Arrival(TimePoint* last);

 private:
  friend class SimFabric;
  friend class SimListener;
  friend class SimNetwork;

  struct Visitor {
    std::thread thread;
    Turn turn;
    const Latch* awaited = nullptr;  // null: it runs, or is yet to begin
    bool gone = false;
  };

  bool Step();
  void LetIn(Visitor* visitor);

  std::mt19937_64 random_;
  TimePoint now_{std::chrono::hours(1)};
  TimerQueue events_;
  uint64_t steps_ = 0;
  std::map<std::string, SimListener*> listeners_;  // by address
  std::map<std::string, SimFabric*> fabrics_;      // by address
  uint64_t next_fabric_ = 1;

  std::vector<std::unique_ptr<Visitor>> visitors_;
  Visitor* inside_ = nullptr;  // whose turn it is; null: the owner's
  Turn owners_turn_;
};

}  // namespace remote_dram::net::sim

#endif  // REMOTE_DRAM_NET_SIM_WORLD_H_
