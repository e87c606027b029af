// Get: the reply's payload goes straight into the caller's memory or into the value's own.
#include "base/bytes.h"
#include "client/value_memory.h"
#include "client/verbs.h"

namespace remote_dram::client {
namespace {

class Get final : public CallFor<GetResult> {
 public:
  Get(std::string_view key, const GetOptions& options, Done<GetResult> done)
      : CallFor(wire::Verb::kGet, "get " + base::Quoted(key), false, std::move(done)), into_(options.into) {
    wire::GetRequest get{.if_generation = wire::WireGeneration::From(options.if_generation),
                         .if_not_generation = wire::WireGeneration::From(options.if_not_generation),
                         .range_min = options.range.min,
                         .range_max = options.range.max};
    if (into_.data != nullptr) get.room_bytes = into_.size;
    wire::Append(&request, get);
    request.append(key);
  }

 private:
  void Read(const wire::MessageHeader& header, std::string_view rest, net::Arrival& arrival,
            const std::shared_ptr<Lifeline>& lifeline) override {
    wire::GetReply reply;
    std::string_view tail;
    const char* fault = wire::Parse(rest, &reply, &tail);
    const uint64_t bytes = arrival.payload_bytes();
    if (fault == nullptr && reply.payload_bytes != bytes) fault = "the value has another size than announced";
    if (fault == nullptr && into_.data != nullptr && bytes > into_.size) fault = "the value does not fit its place";
    if (fault != nullptr) return lifeline->Fault(fault);
    result.state = static_cast<ReadState>(reply.state);
    result.generation = reply.generation.ToGeneration();
    result.value_bytes = reply.value_bytes;
    result.sequence = header.sequence;
    if (result.state != ReadState::kValue) return Decide(Status());
    if (into_.data != nullptr) {
      result.value = Value(nullptr, {into_.data, bytes});
      ReceiveInto(arrival, into_.data, nullptr, lifeline, Lend());
    } else {
      std::shared_ptr<char> memory = AllocateValue(bytes);
      if (memory == nullptr) {
        return Fail(Status(StatusCode::kResourceExhausted, "no memory for " + base::HumanBytes(bytes)));
      }
      result.value = Value(memory, {memory.get(), bytes});
      ReceiveInto(arrival, memory.get(), memory, lifeline, [](const Status&) {});
    }
  }

  // `keep` outlives the transfer, even if the call does not.
  void ReceiveInto(net::Arrival& arrival, char* to, std::shared_ptr<char> keep,
                   const std::shared_ptr<Lifeline>& lifeline, net::TransferEnded ended) {
    Fetch(arrival, to, lifeline, [this, keep = std::move(keep)] { Decide(Status()); }, std::move(ended));
  }

  const MutableBytes into_;
};

}  // namespace

std::shared_ptr<Call> GetCall(std::string_view key, const GetOptions& options, Done<GetResult> done) {
  return std::make_shared<Get>(key, options, std::move(done));
}

}  // namespace remote_dram::client
