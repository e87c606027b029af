// BatchWrite: several puts and deletes, one after the other, each with its own result.
#include <algorithm>

#include "server/ops.h"
#include "wire/batch.h"
#include "wire/batch_reply.h"

namespace remote_dram::server {
namespace {

void ReplyAll(Session& session, const wire::MessageHeader& header, const BatchWriteResult& written) {
  std::vector<wire::BatchPart> parts;
  std::vector<std::string> errors;
  errors.reserve(written.results.size());  // no reallocation: the parts refer to these strings
  for (const Result<WriteResult>& each : written.results) {
    if (!each.ok()) {
      const Status error = each.status();
      parts.push_back(wire::ErrorPart(error.code(), errors.emplace_back(error.message())));
      continue;
    }
    wire::BatchPart& part = parts.emplace_back();
    part.outcome.generation = wire::WireGeneration::From(each->generation);
    part.outcome.sequence = each->sequence;
    part.outcome.state = static_cast<uint32_t>(each->state);
  }
  ReplyOutcomes(session, header, written.sequence, WriteState::kApplied, &parts);
}

}  // namespace

void OpBatchWrite(const Request& request) {
  wire::BatchWriteRequest batch;
  std::string_view tail;
  if (!ReadRequest(request, &batch, &tail)) return;
  ReceiveBatch(request, batch.payload_bytes, [header = request.header, batch](Session& session, std::string_view payload) {
    std::vector<WriteOperation> operations;
    std::vector<bool> ahead;
    if (const char* fault = wire::UnpackWrites(payload, batch.operations, &operations, &ahead)) {
      return session.ReplyError(header, Malformed(fault));
    }
    if (batch.transaction != 0 || std::find(ahead.begin(), ahead.end(), true) != ahead.end()) {
      return session.ReplyError(header, Malformed("values can only be sent ahead of a transaction"));
    }
    const Result<BatchWriteResult> written = session.store().BatchWrite(operations);
    if (!written.ok()) return session.ReplyError(header, written.status());
    ReplyAll(session, header, *written);
  });
}

}  // namespace remote_dram::server
