// Transact: large values are sent ahead, all at the same time (staged). When the server has all of them, one message
// commits the transaction.
#include <atomic>
#include <mutex>

#include "base/validate.h"
#include "client/batch_call.h"
#include "client/verbs.h"

namespace remote_dram::client {
namespace {

using Kind = WriteOperation::Kind;

// Sends one value ahead. It does not become visible before the commit.
class Stage final : public CallFor<bool> {
 public:
  Stage(uint64_t transaction, const WriteOperation& operation, Done<bool>&& done)
      : CallFor(wire::Verb::kStage, "transact: put", std::move(done)) {
    Ask(wire::StageRequest{.transaction = transaction, .value_bytes = base::BytesOf(operation.value)}, operation.key);
    for (const std::string_view piece : operation.value) {
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
  Commit(uint64_t transaction, const std::vector<WriteOperation>& operations, const std::vector<bool>& ahead,
         Done<TransactResult>&& done)
      : BatchCall(wire::Verb::kTransact, "transact", operations.size(), std::move(done)),
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

// Which operations' values are sent ahead: the large ones, and those for which the commit message has no room.
std::vector<bool> Ahead(const std::vector<WriteOperation>& operations) {
  uint64_t along = 0;  // bytes of keys and values in the commit message
  for (const WriteOperation& each : operations) along += each.key.size() + each.end.size();
  std::vector<bool> ahead;
  for (const WriteOperation& each : operations) {
    const uint64_t bytes = each.kind == Kind::kPut ? base::BytesOf(each.value) : 0;
    ahead.push_back(bytes >= transaction_value_ahead_min || (bytes > 0 && along + bytes > batch_bytes_max));
    if (!ahead.back()) along += bytes;
  }
  return ahead;
}

// Runs its completion only when none of its calls is under way, because the calls use the values of the caller.
class Transaction final : public std::enable_shared_from_this<Transaction> {
 public:
  Transaction(std::vector<WriteOperation> operations, uint64_t first_number, Submit submit, Done<TransactResult>&& done)
      : operations_(std::move(operations)),
        ahead_(Ahead(operations_)),
        number_(first_number),
        submit_(std::move(submit)),
        done_(std::move(done)) {}

  void Begin() {
    under_way_ = 1;  // for this function, so that the commit does not begin before all calls are submitted
    for (size_t i = 0; i < operations_.size(); ++i) {
      if (!ahead_[i]) continue;
      ++under_way_;
      submit_(std::make_shared<Stage>(number_, operations_[i], [self = shared_from_this()](Result<bool> staged) {
        self->OnStaged(staged.status());
      }));
    }
    OnStaged(Status());
  }

 private:
  void OnStaged(const Status& status) {
    if (!status.ok()) {
      const std::lock_guard lock(mutex_);
      if (refused_.ok()) refused_ = status;
    }
    if (--under_way_ > 0) return;
    const Status refused = [this] {
      const std::lock_guard lock(mutex_);
      return refused_;
    }();
    if (!refused.ok()) return std::move(done_)(refused);
    submit_(std::make_shared<Commit>(number_, operations_, ahead_, [self = shared_from_this()](Result<TransactResult> result) {
      self->OnCommitted(std::move(result));
    }));
  }

  // ABORTED means that the server has lost the staged values, or never got them, and has applied nothing.
  void OnCommitted(Result<TransactResult> result) {
    if (result.status().code() != StatusCode::kAborted || ++rounds_ == transaction_rounds_max) {
      return std::move(done_)(std::move(result));
    }
    ++number_;
    Begin();
  }

  const std::vector<WriteOperation> operations_;
  const std::vector<bool> ahead_;
  uint64_t number_;
  uint64_t rounds_ = 0;
  const Submit submit_;
  Done<TransactResult> done_;
  std::atomic<size_t> under_way_{0};
  std::mutex mutex_;
  Status refused_;
};

}  // namespace

void Transact(const std::vector<WriteOperation>& operations, uint64_t first_number, Submit submit,
              Done<TransactResult>&& done) {
  std::make_shared<Transaction>(operations, first_number, std::move(submit), std::move(done))->Begin();
}

}  // namespace remote_dram::client
