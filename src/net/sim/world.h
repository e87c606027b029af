// World: a deterministic simulated network, whose clock jumps from event to event.
//
// Every frame and message is delayed by a random time that depends only on the seed; what one link or endpoint sends
// arrives in order. The code above net/network.h is production code: a test runs the world's events, and checks the results.
// Test code with blocking calls runs as a "visitor": it has a thread of its own, which runs only in its turns, and the order
// of turns is deterministic.
// Memory: outlives its SimNetworks and all that they made. Threads: one at a time, the owner's or a visitor's.
// Failure: none of its own; SimNetwork's Kill and Freeze make a network fail as a dead or stopped process does.
// Limits: a run aborts after events_max events, because a test that never ends is a defect.
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

// Passes the right to run from one thread to another. Not a semaphore, because those of libstdc++ spin, on busy machines for
// minutes; this waits asleep.
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

  // Runs events until the latch is set; aborts if no event is left that could set it. In a visitor it only waits, while the
  // owner runs the events.
  void RunUntil(const Latch& latch);
  // Runs the events of some (simulated) time.
  void RunFor(std::chrono::nanoseconds time);

  // Starts a visitor, which runs `visit` once the world runs events.
  void Invite(std::function<void()> visit);
  // Runs events until all visits are over.
  void RunVisits();
  // In a visit: waits until this (simulated) time has passed.
  void Pause(std::chrono::nanoseconds time);

  uint64_t At(TimePoint when, base::Task task);
  void Cancel(uint64_t id) { events_.Cancel(id); }

  // Draws the arrival time of something sent now on a channel. `last` is the channel's last arrival time, which keeps the
  // channel in order.
  TimePoint Arrival(TimePoint* last);

 private:
  friend class SimFabric;
  friend class SimListener;
  friend class SimNetwork;

  struct Visitor {
    std::thread thread;
    Turn turn;
    const Latch* awaited = nullptr;  // null: the visitor runs, or has not begun
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
  Visitor* inside_ = nullptr;  // the visitor whose turn it is; null: it is the owner's
  Turn owners_turn_;
};

}  // namespace remote_dram::net::sim

#endif  // REMOTE_DRAM_NET_SIM_WORLD_H_
