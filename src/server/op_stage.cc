// Stage: receives a value, or a part of one, ahead of its transaction, directly into the block in which it will stay.
#include "server/ops.h"

namespace remote_dram::server {
namespace {

// What has come of the value before this part; nothing if the part does not follow it.
std::optional<store::GrowingValue> Before(Session& session, const wire::StageRequest& stage, std::string_view key) {
  if (stage.offset == 0) return store::GrowingValue(session.store(), std::string(key), stage.expected_bytes);
  std::optional<store::GrowingValue> value = session.staged().TakeUnfinished(stage.transaction, std::string(key));
  if (value && value->value_bytes() != stage.offset) value.reset();
  return value;
}

}  // namespace

void OpStage(const Request& request) {
  Session& session = *request.session;
  wire::StageRequest stage;
  std::string_view key;
  if (!ReadRequest(request, &stage, &key)) return;
  if (stage.part_bytes != request.arrival->payload_bytes()) {
    return session.ReplyError(request.header, Malformed("the value has another size than announced"));
  }
  std::optional<store::GrowingValue> value = Before(session, stage, key);
  if (!value) {  // expired, or sent in another session: see OpTransact
    return session.ReplyError(request.header, Status(StatusCode::kAborted, "stage: the first " + base::HumanBytes(stage.offset) +
                                                                               " of " + base::Quoted(key) + " are not there"));
  }
  const Result<char*> to = value->Room(stage.part_bytes);
  if (!to.ok()) {
    session.staged().Refuse(stage.transaction);
    return session.ReplyError(request.header, to.status());
  }
  Receive(request, *to, [header = request.header, stage, value = *std::move(value)](Session& client) mutable {
    value.Added(stage.part_bytes);
    client.staged().Add(stage.transaction, std::move(value));
    client.Reply(header, client.store().sequence(), wire::StageReply{});
  });
}

}  // namespace remote_dram::server
