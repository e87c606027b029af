// Hub: from token to connection.
#include "client/hub.h"

#include "client/connection.h"

namespace remote_dram::client {

void Hub::OnMessage(net::Arrival& arrival) {
  std::string_view rest = arrival.header();
  wire::MessageHeader header;
  if (wire::Take(&rest, &header) != nullptr || header.Fault() != nullptr) return;
  const auto found = connections_.find(header.token);
  if (found != connections_.end()) found->second->OnMessage(header, rest, arrival);
}

void Hub::FlushSoon(Connection* connection) {
  if (!to_flush_.empty() && to_flush_.back() == connection) return;
  net::Loop& on = loop();
  on.AssertHeld();
  if (to_flush_.empty()) on.Soon([this] { FlushAll(); });
  to_flush_.push_back(connection);
}

void Hub::FlushAll() {
  while (!to_flush_.empty()) {
    Connection* const last = to_flush_.back();
    to_flush_.pop_back();
    last->Flush();
  }
}

}  // namespace remote_dram::client
