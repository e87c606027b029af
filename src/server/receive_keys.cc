// ReceiveKeys: receives the bounds of a range, and what else a verb needs that is too long for a message's tail.
#include "server/ops.h"

namespace remote_dram::server {

void ReceiveKeys(const Request& request, uint64_t announced, base::Callback<Session&, std::string_view> go_on) {
  if (announced != request.arrival->payload_bytes()) {
    return request.session->ReplyError(request.header, Malformed("the keys have another size than announced"));
  }
  auto keys = std::make_shared<std::string>(announced, '\0');
  Receive(request, keys->data(),
          [keys, go_on = std::move(go_on)](Session& client) mutable { go_on(client, *keys); });
}

}  // namespace remote_dram::server
