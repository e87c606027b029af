// BatchCall: a call whose reply is a batch of outcomes, which are received into one buffer.
//
// Memory: the values of the result share the buffer; see Call for the rest.
// Threads: see Call. Failure: a malformed reply is a fault of the server.
// Limits: batch_reply_bytes_max for the values, plus batch_reply_table_bytes_max for outcomes and error texts.
#ifndef REMOTE_DRAM_CLIENT_BATCH_CALL_H_
#define REMOTE_DRAM_CLIENT_BATCH_CALL_H_

#include <memory>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/value_memory.h"
#include "client/call.h"
#include "wire/batch.h"
#include "wire/batch_reply.h"

namespace remote_dram::client {

inline Status ErrorOf(const wire::BatchPart& part) {
  return Status(static_cast<StatusCode>(part.outcome.code), std::string(part.bytes));
}

// The payload of a batch of writes: the packed entries, then the values that are not sent ahead. `ahead` has an element
// for each operation, or none if nothing is sent ahead. The result refers to the memory of both arguments.
Pieces WithValues(std::string_view entries, const std::vector<WriteOperation>& operations,
                  const std::vector<bool>& ahead);

template <typename T>
class BatchCall : public CallFor<T> {
 public:
  BatchCall(wire::Verb verb, const char* name, size_t operations, Done<T>&& done)
      : CallFor<T>(verb, name, std::move(done)), operations_(operations) {}

 protected:
  // Fills `result` from the parts, which point into `memory`. Returns what is wrong with them, or null.
  virtual const char* Take(const wire::MessageHeader& header, const wire::BatchReply& reply,
                           const std::vector<wire::BatchPart>& parts, const std::shared_ptr<char>& memory) = 0;

 private:
  void Read(const wire::MessageHeader& header, std::string_view rest, net::Arrival& arrival) final {
    wire::BatchReply reply;
    std::string_view tail;
    const char* fault = wire::Parse(rest, &reply, &tail);
    const uint64_t bytes = arrival.payload_bytes();
    if (fault == nullptr && reply.operations != operations_) fault = "another number of outcomes than of operations";
    if (fault == nullptr && reply.payload_bytes != bytes) fault = "the outcomes have another size than announced";
    if (fault == nullptr && bytes > batch_reply_bytes_max + wire::batch_reply_table_bytes_max) {
      fault = "the outcomes are larger than they can be";
    }
    if (fault != nullptr) return this->Fault(fault);
    const std::shared_ptr<char> memory = base::AllocateValue(bytes);
    if (memory == nullptr) {
      return this->Fail(Status(StatusCode::kResourceExhausted, "no memory for " + base::HumanBytes(bytes)));
    }
    this->Receive(arrival, memory.get(), [this, header, reply, bytes, memory] {
      std::vector<wire::BatchPart> parts;
      const char* wrong = wire::UnpackOutcomes({memory.get(), bytes}, reply.operations, &parts);
      if (wrong == nullptr) wrong = Take(header, reply, parts, memory);
      if (wrong != nullptr) return this->Fault(wrong);
      this->Decide(Status());
    });
  }

  const size_t operations_;
};

}  // namespace remote_dram::client

#endif  // REMOTE_DRAM_CLIENT_BATCH_CALL_H_
