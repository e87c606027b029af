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
  session.Reply(request.header, result->sequence, ReplyOf(*result));
}

}  // namespace remote_dram::server
