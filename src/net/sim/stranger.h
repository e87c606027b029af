// Stranger: a process of a World that implements no protocol. As a client or as a server, it sends exactly the bytes that a
// test gives it, and records what it receives.
//
// Memory: it copies the payloads that it sends, and keeps them for its lifetime.
// Threads: the world's current one. Failure: what cannot be sent, because there is no peer, is lost.
#ifndef REMOTE_DRAM_NET_SIM_STRANGER_H_
#define REMOTE_DRAM_NET_SIM_STRANGER_H_

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "net/sim/sim_network.h"

namespace remote_dram::net::sim {

class Stranger final : private ControlEvents, private MessageSink {
 public:
  explicit Stranger(World* world) : network_(world) { network_.SetSink(this); }

  // The control channel, as a client, or as a server. Frames go over the newest link.
  void Dial(const Address& address) { links_.push_back(network_.Dial(address, this)); }
  void Listen(const Address& address);
  void SendFrame(std::string_view frame, base::Descriptor descriptor = {}) {
    if (!links_.empty()) links_.back()->SendWith(frame, std::move(descriptor));
  }
  // A descriptor that came with a frame; not valid() if there is none.
  base::Descriptor TakeDescriptor() { return links_.empty() ? base::Descriptor() : links_.back()->TakeDescriptor(); }
  void HangUp() {
    if (!links_.empty()) links_.back()->Cut();
  }

  // The data path.
  std::string fabric_address() { return (*network_.Shm())->address(); }
  void Connect(std::string_view fabric_address) {
    endpoint_ = *(*network_.Shm())->Connect(fabric_address, {});
  }
  void SendMessage(std::string_view header, std::string_view payload = {});
  void Introduce(std::string_view header) {
    if (endpoint_) endpoint_->SendIntroduction(header);
  }

  struct Message {
    std::string header, payload;
  };
  const std::vector<std::string>& frames() const { return frames_; }
  const std::vector<Message>& messages() const { return messages_; }
  bool closed() const { return closed_; }

 private:
  void OnFrame(std::string_view frame) override { frames_.emplace_back(frame); }
  void OnClosed(LinkEnd, const Status&) override { closed_ = true; }
  void OnMessage(Arrival& arrival) override;

  SimNetwork network_;
  std::unique_ptr<ControlListener> listener_;
  std::vector<std::unique_ptr<ControlLink>> links_;
  std::unique_ptr<Endpoint> endpoint_;
  std::deque<std::string> payloads_;  // a deque, because its elements never move
  std::vector<std::string> frames_;
  std::vector<Message> messages_;
  bool closed_ = false;
};

}  // namespace remote_dram::net::sim

#endif  // REMOTE_DRAM_NET_SIM_STRANGER_H_
