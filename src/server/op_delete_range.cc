// DeleteRange: deletes every key of a range; the two bounds come as payload.
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
