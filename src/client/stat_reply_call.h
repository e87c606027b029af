// StatReplyCall: a call whose reply is a StatReply, the current state of a key. Stat and Wait derive from it and add their
// requests.
//
// Memory, threads, failure: see Call.
#ifndef REMOTE_DRAM_CLIENT_STAT_REPLY_CALL_H_
#define REMOTE_DRAM_CLIENT_STAT_REPLY_CALL_H_

#include <string>

#include "client/call.h"
#include "remote_dram/verbs.h"

namespace remote_dram::client {

class StatReplyCall : public CallFor<StatResult> {
 protected:
  StatReplyCall(wire::Verb verb, const char* name, Done<StatResult>&& done)
      : CallFor(verb, name, std::move(done)) {}

 private:
  void Read(const wire::MessageHeader& header, std::string_view rest, net::Arrival&) final {
    wire::StatReply reply;
    std::string_view tail;
    if (const char* fault = wire::Parse(rest, &reply, &tail)) return Fault(fault);
    result.exists = reply.exists != 0;
    result.generation = reply.generation.ToGeneration();
    result.value_bytes = reply.value_bytes;
    result.sequence = header.sequence;
    Decide(Status());
  }
};

}  // namespace remote_dram::client

#endif  // REMOTE_DRAM_CLIENT_STAT_REPLY_CALL_H_
