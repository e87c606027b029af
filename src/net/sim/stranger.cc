// Stranger: sends the bytes that it is given, and records what it receives.
#include "net/sim/stranger.h"

namespace remote_dram::net::sim {

void Stranger::Listen(const Address& address) {
  listener_ = *network_.Listen(address, [this](std::unique_ptr<Accepted> accepted) {
    links_.push_back(network_.Adopt(std::move(accepted), this));
  });
}

void Stranger::SendMessage(std::string_view header, std::string_view payload) {
  if (!endpoint_) return;
  const std::string_view piece = payloads_.emplace_back(payload);  // kept, because a peer may fetch it later
  (void)endpoint_->Send(header, std::span(&piece, piece.empty() ? 0 : 1));
}

void Stranger::OnMessage(Arrival& arrival) {
  if (arrival.came_along()) {
    messages_.push_back({std::string(arrival.header()), std::string(arrival.payload())});
    return;
  }
  auto payload = std::make_shared<std::string>(arrival.payload_bytes(), '\0');
  arrival.Fetch(payload->data(), [this, alive = std::weak_ptr(network_.self()), payload,
                                  header = std::string(arrival.header())](const Status& fetched) {
    if (!alive.expired() && fetched.ok()) messages_.push_back({header, *payload});
  });
}

}  // namespace remote_dram::net::sim
