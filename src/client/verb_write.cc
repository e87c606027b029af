// Put and Delete: a condition goes out, a generation comes back.
#include "base/bytes.h"
#include "base/validate.h"
#include "client/verbs.h"

namespace remote_dram::client {
namespace {

class Write final : public CallFor<WriteResult> {
 public:
  Write(wire::Verb verb, const char* name, std::string_view key, Done<WriteResult> done)
      : CallFor(verb, name + (" " + base::Quoted(key)), true, std::move(done)) {}

 private:
  void Read(const wire::MessageHeader& header, std::string_view rest, net::Arrival&,
            const std::shared_ptr<Lifeline>& lifeline) override {
    wire::WriteReply reply;
    std::string_view tail;
    if (const char* fault = wire::Parse(rest, &reply, &tail)) return lifeline->Fault(fault);
    result.state = static_cast<WriteState>(reply.state);
    result.generation = reply.generation.ToGeneration();
    result.sequence = header.sequence;
    Decide(Status());
  }
};

}  // namespace

std::shared_ptr<Call> PutCall(std::string_view key, const Pieces& value, const PutOptions& options,
                              Done<WriteResult> done) {
  auto call = std::make_shared<Write>(wire::Verb::kPut, "put", key, std::move(done));
  wire::Append(&call->request, wire::PutRequest{.if_generation = wire::WireGeneration::From(options.if_generation),
                                                .value_bytes = base::BytesOf(value)});
  call->request.append(key);
  for (const std::string_view piece : value) {
    if (!piece.empty()) call->payload.push_back(piece);
  }
  return call;
}

std::shared_ptr<Call> DeleteCall(std::string_view key, const DeleteOptions& options, Done<WriteResult> done) {
  auto call = std::make_shared<Write>(wire::Verb::kDelete, "delete", key, std::move(done));
  wire::Append(&call->request,
               wire::DeleteRequest{.if_generation = wire::WireGeneration::From(options.if_generation)});
  call->request.append(key);
  return call;
}

}  // namespace remote_dram::client
