// The verbs of the server, one file each: from a request's bytes to its reply.
//
// Memory: a Request's views live for the call; what a verb needs longer it copies or pins.
// Threads: the loop's role. Failure: every request that can be read is answered, once, unless its session
// ended meanwhile.
#ifndef REMOTE_DRAM_SERVER_OPS_H_
#define REMOTE_DRAM_SERVER_OPS_H_

#include <string>
#include <string_view>

#include "server/session.h"

namespace remote_dram::server {

struct Request {
  Session* session;
  wire::MessageHeader header;
  std::string_view rest;  // the verb's struct and its tail
  net::Arrival* arrival;
};

void OpGet(const Request& request);
void OpPut(const Request& request);
void OpDelete(const Request& request);
void OpDeleteRange(const Request& request);
void OpList(const Request& request);
void OpStat(const Request& request);
void OpStatServer(const Request& request);

// Reads the verb's struct; false: it is malformed, and that was answered.
template <typename Body>
bool ReadRequest(const Request& request, Body* body, std::string_view* tail) {
  const char* fault = wire::Parse(request.rest, body, tail);
  if (fault == nullptr) return true;
  request.session->ReplyError(request.header,
                              Status(StatusCode::kInvalidArgument, std::string("malformed request: ") + fault));
  return false;
}

// Receives the request's payload at `to`, which `go_on` keeps alive, then goes on, unless the session ended. A
// client that gave up cuts its lifeline before it uses the memory again: what was fetched from there counts
// only while the lifeline holds.
void Fetch(const Request& request, char* to, base::Callback<Session&> go_on);

// Receives the keys that a range verb carries as payload, then goes on; `announced` is what they should be.
void ReceiveKeys(const Request& request, uint64_t announced,
                 base::Callback<Session&, std::string_view> go_on);

}  // namespace remote_dram::server

#endif  // REMOTE_DRAM_SERVER_OPS_H_
