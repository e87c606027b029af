// Put and Delete: the request carries a condition, the reply the key's new generation.
#include "base/validate.h"
#include "client/verbs.h"

namespace remote_dram::client {
namespace {

class Write final : public CallFor<WriteResult> {
 public:
  template <typename Body>
  Write(wire::Verb verb, const char* name, const Body& body, std::string_view key, Done<WriteResult>&& done)
      : CallFor(verb, name, std::move(done)) {
    Ask(body, key);
  }

 private:
  void Read(const wire::MessageHeader& header, std::string_view rest, net::Arrival&) override {
    wire::WriteReply reply;
    std::string_view tail;
    if (const char* fault = wire::Parse(rest, &reply, &tail)) return Fault(fault);
    result.state = static_cast<WriteState>(reply.state);
    result.generation = reply.generation.ToGeneration();
    result.sequence = header.sequence;
    Decide(Status());
  }
};

}  // namespace

std::shared_ptr<Call> PutCall(std::string_view key, const Pieces& value, const PutOptions& options,
                              Done<WriteResult>&& done) {
  const wire::PutRequest put{.if_generation = wire::WireGeneration::From(options.if_generation),
                             .value_bytes = base::BytesOf(value)};
  auto call = std::make_shared<Write>(wire::Verb::kPut, "put", put, key, std::move(done));
  for (const std::string_view piece : value) {
    if (!piece.empty()) call->payload.push_back(piece);
  }
  return call;
}

std::shared_ptr<Call> DeleteCall(std::string_view key, const DeleteOptions& options, Done<WriteResult>&& done) {
  const wire::DeleteRequest request{.if_generation = wire::WireGeneration::From(options.if_generation)};
  return std::make_shared<Write>(wire::Verb::kDelete, "delete", request, key, std::move(done));
}

}  // namespace remote_dram::client
