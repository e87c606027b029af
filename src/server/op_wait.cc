// Wait: replies as soon as the key has another version than the one that the client knows.
#include "server/ops.h"

namespace remote_dram::server {

void OpWait(const Request& request) {
  Session& session = *request.session;
  wire::WaitRequest wait;
  std::string_view key;
  if (!ReadRequest(request, &wait, &key)) return;
  const net::TimePoint deadline = session.Now() + std::chrono::milliseconds(wait.timeout_ms);
  session.waiters().Add(key, wait.while_generation.ToGeneration(), deadline,
                        [self = session.weak_from_this(), header = request.header](const Result<StatResult>& now) {
                          const std::shared_ptr<Session> client = self.lock();
                          if (!client) return;
                          if (!now.ok()) return client->ReplyError(header, now.status());
                          client->Reply(header, now->sequence, ReplyOf(*now));
                        });
}

}  // namespace remote_dram::server
