// The verbs of the server, one file each: from a request's bytes to its reply.
//
// Memory: the views in a Request are valid during the call; a verb copies or pins what it needs longer.
// Threads: the loop's role. Failure: every request with a readable header is answered once, unless its session ends
// first.
#ifndef REMOTE_DRAM_SERVER_OPS_H_
#define REMOTE_DRAM_SERVER_OPS_H_

#include <algorithm>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/copy_bytes.h"
#include "base/validate.h"
#include "server/session.h"
#include "wire/batch.h"
#include "wire/batch_reply.h"

namespace remote_dram::server {

struct Request {
  Session* session;
  wire::MessageHeader header;
  std::string_view rest;  // the verb's struct and its tail
  net::Arrival* arrival;
};

void OpGet(const Request& request);
void OpGetWhole(const Request& request);
void OpPut(const Request& request);
void OpDelete(const Request& request);
void OpDeleteRange(const Request& request);
void OpList(const Request& request);
void OpStat(const Request& request);
void OpStatServer(const Request& request);
void OpBatchRead(const Request& request);
void OpBatchWrite(const Request& request);
void OpTransact(const Request& request);
void OpStage(const Request& request);
void OpCopyRange(const Request& request);
void OpWait(const Request& request);

// The error for a request that no correct client sends.
inline Status Malformed(std::string_view fault) {
  return Status(StatusCode::kInvalidArgument, "malformed request: " + std::string(fault));
}

// Reads the verb's struct. False: it is malformed, and the error was already sent.
template <typename Body>
bool ReadRequest(const Request& request, Body* body, std::string_view* tail) {
  const char* fault = wire::Parse(request.rest, body, tail);
  if (fault == nullptr) return true;
  request.session->ReplyError(request.header, Malformed(fault));
  return false;
}

// Fetches a payload that did not come with the message; see Receive.
void Fetch(const Request& request, char* to, base::Callback<Session&> go_on);

// Receives the request's payload at `to`, in memory that `go_on` keeps alive; then calls `go_on`, unless the session has
// ended. A client that gives up a call cuts its lifeline before it reuses the call's memory. So bytes that were fetched
// from that memory are used only if the lifeline still holds afterwards.
template <typename GoOn>
void Receive(const Request& request, char* to, GoOn go_on) {
  if (!request.arrival->came_along()) return Fetch(request, to, std::move(go_on));
  const std::string_view bytes = request.arrival->payload();
  base::CopyBytes(to, bytes);
  go_on(*request.session);
}

// Receives the keys that a range verb carries as payload, then calls `go_on`. `announced`: their size in bytes, according
// to the verb's struct.
void ReceiveKeys(const Request& request, uint64_t announced,
                 base::Callback<Session&, std::string_view> go_on);

// Receives the operations of a batch, and the values that come with them, then calls `go_on`. Replies INVALID_ARGUMENT if
// there is more than any batch can have, RESOURCE_EXHAUSTED if there is no memory.
inline constexpr uint64_t batch_entries_bytes_max =
    batch_operations_max * std::max(sizeof(wire::ReadEntry), sizeof(wire::WriteEntry));
void ReceiveBatch(const Request& request, uint64_t announced,
                  base::Callback<Session&, std::string_view> go_on);

inline wire::WriteReply ReplyOf(const WriteResult& result) {
  return {.generation = wire::WireGeneration::From(result.generation), .state = static_cast<uint64_t>(result.state)};
}
inline wire::StatReply ReplyOf(const StatResult& result) {
  return {.generation = wire::WireGeneration::From(result.generation),
          .value_bytes = result.value_bytes,
          .exists = result.exists};
}

// Replies with outcomes that carry no values, only the texts of errors.
void ReplyOutcomes(Session& session, const wire::MessageHeader& header, uint64_t sequence, WriteState state,
                   std::vector<wire::BatchPart>* parts);

}  // namespace remote_dram::server

#endif  // REMOTE_DRAM_SERVER_OPS_H_
