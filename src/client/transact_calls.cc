// The messages of a transaction: Stage and Transact.
#include "client/transact_calls.h"

#include <string>
#include <utility>

#include "base/validate.h"
#include "client/batch_call.h"

namespace remote_dram::client {
namespace {

// Sends a value ahead. It does not become visible before the commit.
class Stage final : public CallFor<bool> {
 public:
  Stage(const char* name, uint64_t transaction, std::string_view key, const Pieces& bytes, const Part& part, Done<bool>&& done)
      : CallFor(wire::Verb::kStage, name, std::move(done)) {
    Ask(wire::StageRequest{.transaction = transaction,
                           .part_bytes = base::BytesOf(bytes),
                           .offset = part.offset,
                           .expected_bytes = part.expected_bytes},
        key);
    for (const std::string_view piece : bytes) {
      if (!piece.empty()) payload.push_back(piece);
    }
  }

 private:
  void Read(const wire::MessageHeader&, std::string_view rest, net::Arrival&) override {
    wire::StageReply reply;
    std::string_view tail;
    if (const char* fault = wire::Parse(rest, &reply, &tail)) return Fault(fault);
    result = true;
    Decide(Status());
  }
};

class Commit final : public BatchCall<TransactResult> {
 public:
  Commit(const char* name, uint64_t transaction, const std::vector<WriteOperation>& operations, const std::vector<bool>& ahead,
         Done<TransactResult>&& done)
      : BatchCall(wire::Verb::kTransact, name, operations.size(), std::move(done)),
        entries_(wire::PackWrites(operations, ahead)) {
    const Pieces pieces = WithValues(entries_, operations, ahead);
    payload.append(pieces.data(), pieces.size());
    Ask(wire::BatchWriteRequest{.operations = static_cast<uint32_t>(operations.size()),
                                .transaction = transaction,
                                .payload_bytes = base::BytesOf(pieces)});
  }

 private:
  const char* Take(const wire::MessageHeader& header, const wire::BatchReply& reply,
                   const std::vector<wire::BatchPart>& parts, const std::shared_ptr<char>&) override {
    result.state = static_cast<WriteState>(reply.state);
    result.sequence = header.sequence;
    for (const wire::BatchPart& part : parts) {
      result.outcomes.push_back({part.outcome.state == 0, part.outcome.generation.ToGeneration()});
    }
    return nullptr;
  }

  const std::string entries_;
};

}  // namespace

std::shared_ptr<Call> StageCall(const char* name, uint64_t transaction, std::string_view key, const Pieces& bytes, const Part& part,
                                Done<bool>&& done) {
  return std::make_shared<Stage>(name, transaction, key, bytes, part, std::move(done));
}

std::shared_ptr<Call> CommitCall(const char* name, uint64_t transaction, const std::vector<WriteOperation>& operations,
                                 const std::vector<bool>& ahead, Done<TransactResult>&& done) {
  return std::make_shared<Commit>(name, transaction, operations, ahead, std::move(done));
}

}  // namespace remote_dram::client
