// Frames on their way, and wires that are cut.
#include "net/sim/sim_control.h"

namespace remote_dram::net::sim {

SimLink::SimLink(SimNetwork* network, std::shared_ptr<Wire> wire, int end, ControlEvents* events)
    : network_(network), wire_(std::move(wire)), end_(end), events_(events) {
  wire_->ends[end_] = this;
  network_->wires_.push_back(wire_);
}

SimLink::~SimLink() {
  Cut();
  wire_->ends[end_] = nullptr;
}

void SimLink::Send(std::string_view frame) {
  if (!wire_->open[end_]) return;
  World& world = network_->world();
  world.At(world.Arrival(&wire_->last[end_]), [wire = wire_, to = 1 - end_, frame = std::string(frame)] {
    SimLink* const peer = wire->ends[to];
    if (peer == nullptr || !wire->open[to]) return;
    peer->network().Deliver([wire, to, frame] {
      if (wire->ends[to] != nullptr && wire->open[to]) wire->ends[to]->OnFrame(frame);
    });
  });
}

void SimLink::Cut() {
  if (!std::exchange(wire_->open[end_], false)) return;
  TellClosed(&network_->world(), wire_, end_);
}

void SimLink::TellClosed(World* world, const std::shared_ptr<Wire>& wire, int end) {
  world->At(world->Arrival(&wire->last[end]), [wire, to = 1 - end] {
    SimLink* const peer = wire->ends[to];
    if (peer == nullptr || !wire->open[to]) return;
    peer->network().Deliver([wire, to] {
      if (wire->ends[to] != nullptr && wire->open[to]) {
        wire->ends[to]->OnClosed(LinkEnd::kLost, Status(StatusCode::kUnavailable, "the peer closed the connection"));
      }
    });
  });
}

void SimLink::OnClosed(LinkEnd end, const Status& why) {
  wire_->open[end_] = false;
  events_->OnClosed(end, why);  // may destroy this
}

SimListener::SimListener(SimNetwork* network, std::string address, base::Callback<std::unique_ptr<Accepted>> accepted)
    : network_(network), address_(std::move(address)), accepted_(std::move(accepted)) {
  network_->world().listeners_.emplace(address_, this);
}

void SimListener::Accept(std::shared_ptr<Wire> wire) {
  accepted_(std::make_unique<SimAccepted>(&network_->world(), std::move(wire)));
}

SimAccepted::~SimAccepted() {
  if (wire && std::exchange(wire->open[1], false)) SimLink::TellClosed(world, wire, 1);
}

}  // namespace remote_dram::net::sim
