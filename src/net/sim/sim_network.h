// SimNetwork: the network of one process in a World.
//
// Memory: see Network. Threads: the world's current one.
// Failure: Kill simulates the death of the process: its links close for their peers, frames that it sends later are lost,
// and its own code receives no more events. Freeze simulates a stopped process: until Thaw it receives no events, and
// its links stay open.
#ifndef REMOTE_DRAM_NET_SIM_SIM_NETWORK_H_
#define REMOTE_DRAM_NET_SIM_SIM_NETWORK_H_

#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "base/descriptor.h"
#include "net/network.h"
#include "net/sim/world.h"

namespace remote_dram::net::sim {

class SimNetwork;

class SimLoop final : public Loop {
 public:
  SimLoop(World* world, SimNetwork* network) : world_(world), network_(network) {}
  void Post(base::Task task) override;
  void RunAndAwait(const std::function<void()>& start, Latch& latch) override;
  TimePoint Now() const override { return world_->now(); }
  void Complete(base::Task completion) override { Post(std::move(completion)); }
  uint64_t At(TimePoint when, base::Task task) override;
  void Cancel(uint64_t timer) override { world_->Cancel(timer); }
  void AssertHeld() const override {}

 private:
  World* const world_;
  SimNetwork* const network_;
};

// The state that the two ends of a control connection share.
struct Wire {
  class SimLink* ends[2] = {nullptr, nullptr};
  TimePoint last[2] = {};
  bool open[2] = {true, true};
  // A pair of real sockets, for code that checks its end without the world. They exist once an end was duplicated.
  base::Descriptor sockets[2];
  std::deque<base::Descriptor> taken_along[2];

  void Close(int end) {
    open[end] = false;
    sockets[end] = {};
  }
  base::Descriptor Duplicate(int end);
};

class SimNetwork final : public Network {
 public:
  explicit SimNetwork(World* world);
  ~SimNetwork() override;

  void Kill();
  // Breaks the control connections of a process that lives on; both ends learn of it.
  void BreakLinks();
  void BreakLinks(size_t most);  // only so many, the oldest first
  void Freeze() { frozen_ = true; }
  void Thaw();

  Loop& loop() override { return loop_; }
  // A world has no TLS: it is ignored.
  Result<std::unique_ptr<ControlListener>> Listen(const Address& address, base::Callback<std::unique_ptr<Accepted>> accepted,
                                                  std::shared_ptr<const Tls> = nullptr, unsigned = 0) override;
  std::unique_ptr<ControlLink> Adopt(std::unique_ptr<Accepted> accepted, ControlEvents* events) override;
  std::unique_ptr<ControlLink> Dial(const Address& address, ControlEvents* events,
                                    std::shared_ptr<const Tls> = nullptr) override;
  void SetSink(MessageSink* sink) override { sink_ = sink; }
  Result<Fabric*> Shm() override;
  Result<Fabric*> Tcp(const std::string& host, bool accepts) override;
  Result<std::unique_ptr<Endpoint>> OverRings(base::Descriptor, base::Callback<Status>) override {
    return Status(StatusCode::kUnimplemented, "no rings carry data in a world");
  }
  // All processes of a world belong to one user, and can share memory.
  std::string HostIdentity() const override { return "world only-host"; }

  // Runs an event of this process: now; if the process is frozen, when it is thawed; if it is dead, never.
  void Deliver(base::Task event);
  World& world() { return *world_; }
  // Lets events that are still under way see whether the network was destroyed.
  std::weak_ptr<SimNetwork*> self() const { return self_; }
  MessageSink* sink() { return sink_; }

 private:
  friend class SimLink;

  World* const world_;
  SimLoop loop_;
  MessageSink* sink_ = nullptr;
  bool dead_ = false;
  bool frozen_ = false;
  std::vector<base::Task> held_back_;
  std::vector<std::weak_ptr<Wire>> wires_;
  std::unique_ptr<SimFabric> fabric_;
  const std::shared_ptr<SimNetwork*> self_ = std::make_shared<SimNetwork*>(this);
};

}  // namespace remote_dram::net::sim

#endif  // REMOTE_DRAM_NET_SIM_SIM_NETWORK_H_
