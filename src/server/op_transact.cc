// Transact: conditions and writes, all at one instant; large values were sent ahead, by Stage.
#include "server/ops.h"
#include "wire/batch.h"
#include "wire/batch_reply.h"

namespace remote_dram::server {
namespace {

void Transact(Session& session, const wire::MessageHeader& header, const std::vector<WriteOperation>& operations,
              const std::vector<bool>& came_ahead, store::Ahead ahead) {
  for (size_t i = 0; i < operations.size(); ++i) {
    if (!came_ahead[i] || ahead.count(operations[i].key) > 0) continue;
    // The value has expired, or came in another session. On this code the client sends the whole transaction again.
    return session.ReplyError(header, Status(StatusCode::kAborted, "transact: the value of " + base::Quoted(operations[i].key) +
                                                                       " is no longer there, and nothing was applied; send it again"));
  }
  const Result<TransactResult> result = session.store().Transact(operations, std::move(ahead));
  if (!result.ok()) return session.ReplyError(header, result.status());
  std::vector<wire::BatchPart> parts;
  for (const TransactResult::Outcome& each : result->outcomes) {
    wire::BatchPart& part = parts.emplace_back();
    part.outcome.generation = wire::WireGeneration::From(each.generation);
    part.outcome.state = each.matched ? 0 : 1;
  }
  ReplyOutcomes(session, header, result->sequence, result->state, &parts);
}

}  // namespace

void OpTransact(const Request& request) {
  wire::BatchWriteRequest batch;
  std::string_view tail;
  if (!ReadRequest(request, &batch, &tail)) return;
  ReceiveBatch(request, batch.payload_bytes, [header = request.header, batch](Session& session, std::string_view payload) {
    std::vector<WriteOperation> operations;
    std::vector<bool> came_ahead;
    store::Ahead ahead = session.staged().Take(batch.transaction);
    if (const char* fault = wire::UnpackWrites(payload, batch.operations, &operations, &came_ahead)) {
      return session.ReplyError(header, Malformed(fault));
    }
    Transact(session, header, operations, came_ahead, std::move(ahead));
  });
}

}  // namespace remote_dram::server
