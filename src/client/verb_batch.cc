// BatchRead and BatchWrite: the operations are sent as payload, and the outcomes come back as payload.
#include "base/bytes.h"
#include "base/validate.h"
#include "client/batch_call.h"
#include "client/verbs.h"

namespace remote_dram::client {
namespace {

class BatchRead final : public BatchCall<BatchReadResult> {
 public:
  BatchRead(const std::vector<ReadOperation>& operations, const BatchReadOptions& options, Done<BatchReadResult>&& done)
      : BatchCall(wire::Verb::kBatchRead, "batch read", operations.size(), std::move(done)),
        entries_(wire::PackReads(base::ViewsOf(operations))) {
    Ask(wire::BatchReadRequest{.operations = static_cast<uint32_t>(operations.size()),
                               .at_one_instant = options.at_one_instant,
                               .payload_bytes = entries_.size()});
    payload.push_back(entries_);
  }

 private:
  const char* Take(const wire::MessageHeader& header, const wire::BatchReply&, const std::vector<wire::BatchPart>& parts,
                   const std::shared_ptr<char>& memory) override {
    result.sequence = header.sequence;
    result.results.reserve(parts.size());
    for (const wire::BatchPart& part : parts) {
      if (part.outcome.code != 0) {
        result.results.push_back(ErrorOf(part));
        continue;
      }
      GetResult one{static_cast<ReadState>(part.outcome.state), part.outcome.generation.ToGeneration(), {},
                    part.outcome.value_bytes, part.outcome.sequence};
      if (!part.bytes.empty()) one.value = Value(memory, part.bytes);
      result.results.push_back(std::move(one));
    }
    return nullptr;
  }

  const std::string entries_;
};

class BatchWrite final : public BatchCall<BatchWriteResult> {
 public:
  BatchWrite(const std::vector<WriteOperation>& operations, Done<BatchWriteResult>&& done)
      : BatchCall(wire::Verb::kBatchWrite, "batch write", operations.size(), std::move(done)),
        entries_(wire::PackWrites(operations, {})) {
    const Pieces pieces = WithValues(entries_, operations, {});
    payload.append(pieces.data(), pieces.size());
    Ask(wire::BatchWriteRequest{.operations = static_cast<uint32_t>(operations.size()),
                                .payload_bytes = base::BytesOf(pieces)});
  }

 private:
  const char* Take(const wire::MessageHeader& header, const wire::BatchReply&, const std::vector<wire::BatchPart>& parts,
                   const std::shared_ptr<char>&) override {
    result.sequence = header.sequence;
    result.results.reserve(parts.size());
    for (const wire::BatchPart& part : parts) {
      const auto state = static_cast<WriteState>(part.outcome.state);
      if (state > WriteState::kConditionFailed) return "the state of a write is unknown";
      result.results.push_back(part.outcome.code != 0
                                   ? Result<WriteResult>(ErrorOf(part))
                                   : WriteResult{state, part.outcome.generation.ToGeneration(), part.outcome.sequence});
    }
    return nullptr;
  }

  const std::string entries_;
};

}  // namespace

Pieces WithValues(std::string_view entries, const std::vector<WriteOperation>& operations,
                  const std::vector<bool>& ahead) {
  Pieces payload = {entries};
  for (size_t i = 0; i < operations.size(); ++i) {
    if (operations[i].kind != WriteOperation::Kind::kPut || (!ahead.empty() && ahead[i])) continue;
    for (const std::string_view piece : operations[i].value) {
      if (!piece.empty()) payload.push_back(piece);
    }
  }
  return payload;
}

std::shared_ptr<Call> BatchReadCall(const std::vector<ReadOperation>& operations, const BatchReadOptions& options,
                                    Done<BatchReadResult>&& done) {
  return std::make_shared<BatchRead>(operations, options, std::move(done));
}

std::shared_ptr<Call> BatchWriteCall(const std::vector<WriteOperation>& operations, Done<BatchWriteResult>&& done) {
  return std::make_shared<BatchWrite>(operations, std::move(done));
}

}  // namespace remote_dram::client
