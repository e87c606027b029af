// Fetch: the payload of a request, and whether its sender still stands by it.
#include "base/planted_fault.h"
#include "server/ops.h"

namespace remote_dram::server {

void Fetch(const Request& request, char* to, base::Callback<Session&> go_on) {
  const bool came_along = request.arrival->came_along();
  request.arrival->Receive(to, [self = request.session->weak_from_this(), header = request.header, came_along,
                                go_on = std::move(go_on)](const Status& received) mutable {
    const std::shared_ptr<Session> client = self.lock();
    if (!client) return;
    if (!received.ok()) return client->ReplyError(header, received);
    const bool looks_away = base::Planted(base::PlantedFault::kServerLooksAwayFromLifeline);
    if (!came_along && !looks_away && !client->ClientIsThere()) return;
    go_on(*client);
  });
}

}  // namespace remote_dram::server
