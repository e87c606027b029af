// Hub: finding the connection of a message, and flushing.
#include "client/hub.h"

#include <utility>

#include "client/connection.h"

namespace remote_dram::client {

void Hub::OnMessage(net::Arrival& arrival) {
  std::string_view rest = arrival.header();
  wire::MessageHeader header;
  if (wire::Take(&rest, &header) != nullptr || header.Fault() != nullptr) return;
  const auto found = connections_.find(header.token);
  if (found != connections_.end()) found->second->OnMessage(header, rest, arrival);
}

void Hub::FlushSoon(std::weak_ptr<Connection> connection) {
  net::Loop& on = loop();
  on.AssertHeld();
  if (to_flush_.empty()) on.Soon([this] { FlushAll(); });
  to_flush_.push_back(std::move(connection));
}

void Hub::FlushAll() {
  const bool several = to_flush_.size() > 1;
  while (!to_flush_.empty()) {
    const std::shared_ptr<Connection> last = to_flush_.back().lock();
    to_flush_.pop_back();
    if (last) last->Flush(several);
  }
}

}  // namespace remote_dram::client
