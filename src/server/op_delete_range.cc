// DeleteRange: deletes every key of a range; the two bounds come as payload.
#include "server/ops.h"

namespace remote_dram::server {

void OpDeleteRange(const Request& request) {
  wire::DeleteRangeRequest deletion;
  std::string_view tail;
  if (!ReadRequest(request, &deletion, &tail)) return;
  ReceiveKeys(request, uint64_t{deletion.begin_bytes} + deletion.end_bytes,
              [header = request.header, deletion](Session& session, std::string_view keys) {
                const KeyRange range{std::string(keys.substr(0, deletion.begin_bytes)),
                                     std::string(keys.substr(deletion.begin_bytes))};
                const Result<DeleteRangeResult> result = session.store().DeleteRange(range);
                if (!result.ok()) return session.ReplyError(header, result.status());
                session.Reply(header, result->sequence, wire::DeleteRangeReply{.keys_deleted = result->keys_deleted});
              });
}

}  // namespace remote_dram::server
