// StagedWrites: collecting operations and committing them.
#include "driver/core/staged_writes.h"

namespace remote_dram::driver {
namespace {

// Converts the result of a single write to that of a transaction.
Done<WriteResult> AsTransaction(Done<TransactResult> done) {
  return [done = std::move(done)](Result<WriteResult> written) mutable {
    if (!written.ok()) return std::move(done)(written.status());
    TransactResult result;
    result.state = written->state;
    result.outcomes.push_back({written->state == WriteState::kApplied, written->generation});
    result.sequence = written->sequence;
    std::move(done)(std::move(result));
  };
}

}  // namespace

size_t StagedWrites::Add(WriteOperation::Kind kind, std::string_view key, const Generation& if_generation) {
  WriteOperation& operation = operations_.emplace_back();
  operation.kind = kind;
  operation.key = key;
  operation.if_generation = if_generation;
  return operations_.size() - 1;
}

size_t StagedWrites::Put(std::string_view key, Pieces value, const Generation& if_generation) {
  const size_t place = Add(WriteOperation::Kind::kPut, key, if_generation);
  operations_[place].value = std::move(value);
  return place;
}

size_t StagedWrites::Delete(std::string_view key, const Generation& if_generation) {
  return Add(WriteOperation::Kind::kDelete, key, if_generation);
}

size_t StagedWrites::Check(std::string_view key, const Generation& if_generation) {
  return Add(WriteOperation::Kind::kCheck, key, if_generation);
}

size_t StagedWrites::DeleteRange(std::string_view begin, std::string_view end) {
  const size_t place = Add(WriteOperation::Kind::kDeleteRange, begin, Generation::Unknown());
  operations_[place].end = end;
  return place;
}

void StagedWrites::Commit(KeyValueStore& store, Done<TransactResult> done) const {
  if (operations_.size() == 1) {
    const WriteOperation& only = operations_.front();
    if (only.kind == WriteOperation::Kind::kPut) {
      PutOptions options;
      options.if_generation = only.if_generation;
      return store.Put(only.key, only.value, options, AsTransaction(std::move(done)));
    }
    if (only.kind == WriteOperation::Kind::kDelete) {
      DeleteOptions options;
      options.if_generation = only.if_generation;
      return store.Delete(only.key, options, AsTransaction(std::move(done)));
    }
  }
  store.Transact(operations_, {}, std::move(done));
}

}  // namespace remote_dram::driver
