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

}  // namespace remote_dram::client
