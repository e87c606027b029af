// Get: the reply's payload is received directly into the caller's memory or into new memory of the value.
#include "base/bytes.h"
#include "base/value_memory.h"
#include "client/verbs.h"

namespace remote_dram::client {
namespace {

bool WantsWhole(const GetOptions& options) {
  const bool conditions = options.if_generation.known() || options.if_not_generation.known();
  return !conditions && options.range.full();
}

class Get final : public CallFor<GetResult> {
 public:
  Get(wire::Verb verb, std::string_view key, const GetOptions& options, Done<GetResult>&& done)
      : CallFor(verb, "get", std::move(done)), into_(options.into) {
    const uint64_t room_bytes = into_.data != nullptr ? into_.size : UINT64_MAX;
    if (verb == wire::Verb::kGetWhole) {
      Ask(wire::GetWholeRequest{.room_bytes = room_bytes}, key);
    } else {
      Ask(wire::GetRequest{.if_generation = wire::WireGeneration::From(options.if_generation),
                           .if_not_generation = wire::WireGeneration::From(options.if_not_generation),
                           .range_min = options.range.min,
                           .range_max = options.range.max,
                           .room_bytes = room_bytes},
          key);
    }
  }

 private:
  void Read(const wire::MessageHeader& header, std::string_view rest, net::Arrival& arrival) override {
    wire::GetReply reply;
    std::string_view tail;
    const char* fault = wire::Parse(rest, &reply, &tail);
    const uint64_t bytes = arrival.payload_bytes();
    if (fault == nullptr && reply.payload_bytes != bytes) fault = "the value has another size than announced";
    if (fault == nullptr && into_.data != nullptr && bytes > into_.size) fault = "the value does not fit its place";
    if (fault != nullptr) return Fault(fault);
    result.state = static_cast<ReadState>(reply.state);
    result.generation = reply.generation.ToGeneration();
    result.value_bytes = reply.value_bytes;
    result.sequence = header.sequence;
    if (result.state != ReadState::kValue) return Decide(Status());
    if (into_.data != nullptr) {
      result.value = Value(nullptr, {into_.data, bytes});
      return Receive(arrival, into_.data, [this] { Decide(Status()); }, true);
    }
    const std::shared_ptr<char> memory = base::AllocateValue(bytes);
    if (memory == nullptr) {
      return Fail(Status(StatusCode::kResourceExhausted, "no memory for " + base::HumanBytes(bytes)));
    }
    result.value = Value(memory, {memory.get(), bytes});
    Receive(arrival, memory.get(), [this, memory] { Decide(Status()); });
  }

  const MutableBytes into_;
};

}  // namespace

std::shared_ptr<Call> GetCall(std::string_view key, const GetOptions& options, Done<GetResult>&& done) {
  const wire::Verb verb = WantsWhole(options) ? wire::Verb::kGetWhole : wire::Verb::kGet;
  return std::make_shared<Get>(verb, key, options, std::move(done));
}

}  // namespace remote_dram::client
