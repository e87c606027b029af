// SimNetwork: makes links and fabrics, and simulates the death of a process.
#include "net/sim/sim_network.h"

#include "net/sim/sim_control.h"
#include "net/sim/sim_fabric.h"

namespace remote_dram::net::sim {

void SimLoop::Post(base::Task task) { At(world_->now(), std::move(task)); }

void SimLoop::RunAndAwait(const std::function<void()>& start, Latch& latch) {
  start();
  world_->RunUntil(latch);
}

uint64_t SimLoop::At(TimePoint when, base::Task task) {
  // The network may have been destroyed by then.
  return world_->At(when, [weak = network_->self(), task = std::make_shared<base::Task>(std::move(task))] {
    const std::shared_ptr<SimNetwork*> network = weak.lock();
    if (network) (*network)->Deliver([task] { (*task)(); });
  });
}

SimNetwork::SimNetwork(World* world) : world_(world), loop_(world, this) {}

SimNetwork::~SimNetwork() = default;

void SimNetwork::Deliver(base::Task event) {
  if (dead_) return;
  if (frozen_) return held_back_.push_back(std::move(event));
  event();
}

void SimNetwork::Thaw() {
  frozen_ = false;
  for (base::Task& event : std::exchange(held_back_, {})) {
    world_->At(world_->now(), [event = std::make_shared<base::Task>(std::move(event))] { (*event)(); });
  }
}

void SimNetwork::BreakLinks() { BreakLinks(wires_.size()); }

void SimNetwork::BreakLinks(size_t most) {
  for (const std::weak_ptr<Wire>& weak : wires_) {
    const std::shared_ptr<Wire> wire = weak.lock();
    if (!wire) continue;
    if (most-- == 0) return;
    for (const int end : {0, 1}) SimLink::TellClosed(world_, wire, end);
  }
}

void SimNetwork::Kill() {
  dead_ = true;
  for (const std::weak_ptr<Wire>& weak : wires_) {
    const std::shared_ptr<Wire> wire = weak.lock();
    if (!wire) continue;
    for (const int end : {0, 1}) {
      if (wire->ends[end] == nullptr || &wire->ends[end]->network() != this || !wire->open[end]) continue;
      wire->Close(end);
      SimLink::TellClosed(world_, wire, end);
    }
  }
}

Result<std::unique_ptr<ControlListener>> SimNetwork::Listen(const Address& address,
                                                            base::Callback<std::unique_ptr<Accepted>> accepted,
                                                            std::shared_ptr<const Tls>, unsigned) {
  if (world_->listeners_.count(address.ToString()) > 0) {
    return Status(StatusCode::kAlreadyExists, "cannot listen on " + address.ToString() + ": address already in use");
  }
  return std::unique_ptr<ControlListener>(
      std::make_unique<SimListener>(this, address.ToString(), std::move(accepted)));
}

std::unique_ptr<ControlLink> SimNetwork::Adopt(std::unique_ptr<Accepted> accepted, ControlEvents* events) {
  return std::make_unique<SimLink>(this, std::move(static_cast<SimAccepted&>(*accepted).wire), 1, events);
}

std::unique_ptr<ControlLink> SimNetwork::Dial(const Address& address, ControlEvents* events, std::shared_ptr<const Tls>) {
  auto wire = std::make_shared<Wire>();
  auto link = std::make_unique<SimLink>(this, wire, 0, events);
  world_->At(world_->Arrival(&wire->last[0]), [world = world_, wire, name = address.ToString()] {
    const auto listener = world->listeners_.find(name);
    if (listener != world->listeners_.end() && !listener->second->network().dead_) {
      SimListener* const accepting = listener->second;
      return accepting->network().Deliver([accepting, wire] { accepting->Accept(wire); });
    }
    if (wire->ends[0] == nullptr || !wire->open[0]) return;
    wire->ends[0]->OnClosed(LinkEnd::kNobodyThere,
                            Status(StatusCode::kUnavailable, "no server at " + name + " (connection refused)"));
  });
  return link;
}

Result<Fabric*> SimNetwork::Shm() {
  if (!fabric_) fabric_ = std::make_unique<SimFabric>(this);
  return static_cast<Fabric*>(fabric_.get());
}

Result<Fabric*> SimNetwork::Tcp(const std::string&, bool) { return Shm(); }

}  // namespace remote_dram::net::sim
