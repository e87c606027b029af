// CopyRange: copies every key of a range to another key; the bounds and the new prefix come as payload.
#include "server/ops.h"

namespace remote_dram::server {

void OpCopyRange(const Request& request) {
  wire::CopyRangeRequest copy;
  std::string_view tail;
  if (!ReadRequest(request, &copy, &tail)) return;
  ReceiveKeys(request, uint64_t{copy.begin_bytes} + copy.end_bytes + copy.prefix_bytes,
              [header = request.header, copy](Session& session, std::string_view keys) {
                const KeyRange source{std::string(keys.substr(0, copy.begin_bytes)),
                                      std::string(keys.substr(copy.begin_bytes, copy.end_bytes))};
                const CopyTarget target{copy.strip_bytes, std::string(keys.substr(copy.begin_bytes + copy.end_bytes))};
                const Result<CopyRangeResult> result = session.store().CopyRange(source, target);
                if (!result.ok()) return session.ReplyError(header, result.status());
                session.Reply(header, result->sequence, wire::CopyRangeReply{.keys_copied = result->keys_copied});
              });
}

}  // namespace remote_dram::server
