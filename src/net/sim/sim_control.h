// The control channel of a World: links and listeners.
//
// Memory, threads, failure: see ControlLink and ControlListener.
#ifndef REMOTE_DRAM_NET_SIM_SIM_CONTROL_H_
#define REMOTE_DRAM_NET_SIM_SIM_CONTROL_H_

#include <memory>
#include <string>

#include "net/sim/sim_network.h"

namespace remote_dram::net::sim {

class SimLink final : public ControlLink {
 public:
  SimLink(SimNetwork* network, std::shared_ptr<Wire> wire, int end, ControlEvents* events);
  ~SimLink() override;
  void Send(std::string_view frame) override { SendWith(frame, {}); }
  void SendWith(std::string_view frame, base::Descriptor descriptor) override;
  base::Descriptor TakeDescriptor() override;
  base::Descriptor Duplicate() const override { return wire_->Duplicate(end_); }
  void Cut() override;
  bool PeerIsThere() const override { return wire_->open[end_] && wire_->open[1 - end_]; }
  std::string local_host() const override { return "127.0.0.1"; }
  std::string peer_host() const override { return "127.0.0.1"; }

  SimNetwork& network() { return *network_; }
  void OnFrame(const std::string& frame) { events_->OnFrame(frame); }
  void OnClosed(LinkEnd end, const Status& why);

  // Lets the other end of a wire learn, after a delay, that this end has closed.
  static void TellClosed(World* world, const std::shared_ptr<Wire>& wire, int end);

 private:
  SimNetwork* const network_;
  const std::shared_ptr<Wire> wire_;
  const int end_;
  ControlEvents* const events_;
};

// Like an accepted socket, it closes the connection when it is destroyed without being adopted.
struct SimAccepted final : Accepted {
  SimAccepted(World* its_world, std::shared_ptr<Wire> its_wire) : world(its_world), wire(std::move(its_wire)) {}
  ~SimAccepted() override;
  World* const world;
  std::shared_ptr<Wire> wire;
};

class SimListener final : public ControlListener {
 public:
  SimListener(SimNetwork* network, std::string address, base::Callback<std::unique_ptr<Accepted>> accepted);
  ~SimListener() override { network_->world().listeners_.erase(address_); }
  std::string address() const override { return address_; }

  SimNetwork& network() { return *network_; }
  void Accept(std::shared_ptr<Wire> wire);

 private:
  SimNetwork* const network_;
  const std::string address_;
  base::Callback<std::unique_ptr<Accepted>> accepted_;
};

}  // namespace remote_dram::net::sim

#endif  // REMOTE_DRAM_NET_SIM_SIM_CONTROL_H_
