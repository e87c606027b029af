// SimLink and SimListener: delivers frames after their delay, and closes wires.
#include "net/sim/sim_control.h"

#include <fcntl.h>
#include <sys/socket.h>

#include "base/check.h"

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

void SimLink::SendWith(std::string_view frame, base::Descriptor descriptor) {
  if (!wire_->open[end_]) return;
  World& world = network_->world();
  const auto attached = std::make_shared<base::Descriptor>(std::move(descriptor));
  world.At(world.Arrival(&wire_->last[end_]), [wire = wire_, to = 1 - end_, frame = std::string(frame), attached] {
    SimLink* const peer = wire->ends[to];
    if (peer == nullptr || !wire->open[to]) return;
    peer->network().Deliver([wire, to, frame, attached] {
      if (wire->ends[to] == nullptr || !wire->open[to]) return;
      if (attached->valid()) wire->taken_along[to].push_back(std::move(*attached));
      wire->ends[to]->OnFrame(frame);
    });
  });
}

base::Descriptor SimLink::TakeDescriptor() {
  std::deque<base::Descriptor>& all = wire_->taken_along[end_];
  if (all.empty()) return {};
  base::Descriptor first = std::move(all.front());
  all.pop_front();
  return first;
}

base::Descriptor Wire::Duplicate(int end) {
  if (open[0] && open[1] && !sockets[end].valid()) {
    int pair[2];
    RD_CHECK(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) == 0);
    for (const int each : {0, 1}) sockets[each] = base::Descriptor([fd = pair[each]] { return fd; });
  }
  if (!sockets[end].valid()) return {};
  return base::Descriptor([this, end] { return fcntl(sockets[end].fd(), F_DUPFD_CLOEXEC, 0); });
}

void SimLink::Cut() {
  if (!wire_->open[end_]) return;
  wire_->Close(end_);
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
  wire_->Close(end_);
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
  if (!wire) return;
  wire->Close(1);
  SimLink::TellClosed(world, wire, 1);
}

}  // namespace remote_dram::net::sim
