// Stat: whether a key exists, its generation, and the size of its value.
#include "server/ops.h"

namespace remote_dram::server {

void OpStat(const Request& request) {
  Session& session = *request.session;
  wire::StatRequest stat;
  std::string_view key;
  if (!ReadRequest(request, &stat, &key)) return;
  const Result<StatResult> result = session.store().Stat(key);
  if (!result.ok()) return session.ReplyError(request.header, result.status());
  const wire::StatReply reply{.generation = wire::WireGeneration::From(result->generation),
                              .value_bytes = result->value_bytes,
                              .exists = result->exists};
  session.Reply(request.header, result->sequence, reply);
}

}  // namespace remote_dram::server
