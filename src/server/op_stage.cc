// Stage: receives a value ahead of its transaction, directly into the block in which it will stay.
#include "server/ops.h"

namespace remote_dram::server {

void OpStage(const Request& request) {
  Session& session = *request.session;
  wire::StageRequest stage;
  std::string_view key;
  if (!ReadRequest(request, &stage, &key)) return;
  if (stage.value_bytes != request.arrival->payload_bytes()) {
    return session.ReplyError(request.header, Malformed("the value has another size than announced"));
  }
  Result<store::Reservation> reserved = session.store().Prepare(key, stage.value_bytes);
  if (!reserved.ok()) {
    session.staged().Refuse(stage.transaction);
    return session.ReplyError(request.header, reserved.status());
  }
  char* const to = reserved->bytes().data;
  Receive(request, to, [header = request.header, transaction = stage.transaction,
                      value = std::move(*reserved)](Session& client) mutable {
    client.staged().Add(transaction, std::move(value));
    client.Reply(header, client.store().sequence(), wire::StageReply{});
  });
}

}  // namespace remote_dram::server
