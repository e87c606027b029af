// StatServer: the server's statistics.
#include "server/ops.h"

namespace remote_dram::server {

void OpStatServer(const Request& request) {
  Session& session = *request.session;
  wire::StatServerRequest body;
  std::string_view tail;
  if (!ReadRequest(request, &body, &tail)) return;
  const ServerStat stat = session.shared().Stat(session.Now());
  const wire::StatServerReply reply{.incarnation = stat.incarnation,
                                    .keys = stat.keys,
                                    .memory_bytes = stat.memory_bytes,
                                    .memory_limit_bytes = stat.memory_limit_bytes,
                                    .connections = stat.connections,
                                    .uptime_ms = stat.uptime_ms};
  session.ReplyWithTail(request.header, stat.sequence, reply, stat.version);
}

}  // namespace remote_dram::server
