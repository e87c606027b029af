// BatchRead: looks all keys up, pins their blocks, and hands the values to the data path without copying them.
#include "server/ops.h"
#include "wire/batch.h"
#include "wire/batch_reply.h"

namespace remote_dram::server {
namespace {

// Keeps the memory of a reply while it is sent: the pinned blocks, and what else the pieces of its payload refer to.
struct Outgoing {
  store::FoundMany found;
  std::vector<std::string> errors;
  std::string table;
};

void ReplyAll(Session& session, const wire::MessageHeader& header, store::FoundMany found) {
  auto outgoing = std::make_unique<Outgoing>();
  outgoing->found = std::move(found);
  outgoing->errors.reserve(outgoing->found.results.size());  // no reallocation: the parts refer to these strings
  std::vector<wire::BatchPart> parts;
  parts.reserve(outgoing->found.results.size());
  for (const Result<store::Found>& each : outgoing->found.results) {
    if (!each.ok()) {
      const Status error = each.status();
      parts.push_back(wire::ErrorPart(error.code(), outgoing->errors.emplace_back(error.message())));
      continue;
    }
    wire::BatchPart& part = parts.emplace_back();
    part.outcome.generation = wire::WireGeneration::From(each->generation);
    part.outcome.value_bytes = each->value_bytes;
    part.outcome.sequence = each->sequence;
    part.outcome.state = static_cast<uint32_t>(each->state);
    part.bytes = each->bytes();
  }
  const Pieces payload = wire::PackOutcomes(&parts, &outgoing->table);
  const wire::BatchReply reply{.operations = static_cast<uint32_t>(parts.size()), .payload_bytes = base::BytesOf(payload)};
  const uint64_t sequence = outgoing->found.sequence;
  session.Reply(header, sequence, reply, payload, std::move(outgoing));
}

}  // namespace

void OpBatchRead(const Request& request) {
  wire::BatchReadRequest batch;
  std::string_view tail;
  if (!ReadRequest(request, &batch, &tail)) return;
  ReceiveBatch(request, batch.payload_bytes, [header = request.header, batch](Session& session, std::string_view payload) {
    std::vector<base::ReadView> operations;
    if (const char* fault = wire::UnpackReads(payload, batch.operations, &operations)) {
      return session.ReplyError(header, Malformed(fault));
    }
    Result<store::FoundMany> found = session.store().BatchRead(operations, batch.at_one_instant != 0);
    if (!found.ok()) return session.ReplyError(header, found.status());
    ReplyAll(session, header, *std::move(found));
  });
}

}  // namespace remote_dram::server
