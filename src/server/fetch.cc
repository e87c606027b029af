// Fetch: fetches a request's payload from the client's memory, then checks that the client is still there.
#include "base/planted_fault.h"
#include "server/ops.h"

namespace remote_dram::server {

void Fetch(const Request& request, char* to, base::Callback<Session&> go_on) {
  request.arrival->Fetch(to, [self = request.session->weak_from_this(), header = request.header,
                              go_on = std::move(go_on)](const Status& fetched) mutable {
    const std::shared_ptr<Session> client = self.lock();
    if (!client) return;
    if (!fetched.ok()) {
      wire::MessageHeader not_begun = header;
      not_begun.sequence = 0;  // not remembered: if the client sends it again, it is applied
      return client->ReplyError(not_begun, fetched);
    }
    const bool looks_away = base::Planted(base::PlantedFault::kServerLooksAwayFromLifeline);
    if (!looks_away && !client->ClientIsThere()) return;
    go_on(*client);
  });
}

}  // namespace remote_dram::server
