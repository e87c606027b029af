// Put: reserves a private block, receives the value into it, publishes it. A value that had to be fetched is published only
// if the client is still there (Fetch).
#include "server/ops.h"

namespace remote_dram::server {
namespace {

void Publish(Session& session, const wire::MessageHeader& header, store::Reservation& reservation,
             const Generation& if_generation) {
  const WriteResult result = session.store().Publish(std::move(reservation), if_generation);
  session.Reply(header, result.sequence, ReplyOf(result));
}

}  // namespace

void OpPut(const Request& request) {
  Session& session = *request.session;
  wire::PutRequest put;
  std::string_view key;
  if (!ReadRequest(request, &put, &key)) return;
  if (put.value_bytes != request.arrival->payload_bytes()) {
    return session.ReplyError(request.header, Malformed("the value has another size than announced"));
  }
  Result<store::Reservation> reserved = session.store().Prepare(key, put.value_bytes);
  if (!reserved.ok()) return session.ReplyError(request.header, reserved.status());
  char* const to = reserved->bytes().data;
  Receive(request, to, [header = request.header, reservation = std::move(*reserved),
                        if_generation = put.if_generation.ToGeneration()](Session& client) mutable {
    Publish(client, header, reservation, if_generation);
  });
}

}  // namespace remote_dram::server
