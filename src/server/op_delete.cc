// Delete: deletes one key if its condition holds.
#include "server/ops.h"

namespace remote_dram::server {

void OpDelete(const Request& request) {
  Session& session = *request.session;
  wire::DeleteRequest deletion;
  std::string_view key;
  if (!ReadRequest(request, &deletion, &key)) return;
  const Result<WriteResult> result = session.store().Delete(key, deletion.if_generation.ToGeneration());
  if (!result.ok()) return session.ReplyError(request.header, result.status());
  session.Reply(request.header, result->sequence, ReplyOf(*result));
}

}  // namespace remote_dram::server
