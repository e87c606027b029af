// Atomic transactions: TensorStore collects what a transaction does to each key; the commit is one Transact.
//
// TensorStore calls AllEntriesDone when every key's final value is known. If a condition of the commit does not hold,
// TensorStore reads the changed keys again, recomputes the values that depended on them, and calls AllEntriesDone again.
//
// Two servers, or one server with two different settings, would need two commits, of which the second could fail. So an
// atomic transaction that writes to both is refused.
#include <atomic>
#include <utility>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "driver/call.h"
#include "driver/convert.h"
#include "driver/core/staged_writes.h"
#include "driver/driver.h"
#include "tensorstore/kvstore/transaction.h"
#include "tensorstore/util/execution/sender.h"

namespace remote_dram::driver {
namespace {

namespace kv = tensorstore::internal_kvstore;
using tensorstore::StorageGeneration;
using Entry = kv::AtomicMultiPhaseMutation::BufferedReadModifyWriteEntry;

class TransactionNode final : public kv::AtomicTransactionNode {
 public:
  using kv::AtomicTransactionNode::AtomicTransactionNode;

  // Fails if the transaction already has a node of another driver. To be called after something was added to this node,
  // and not under its lock, because the error message describes what was added.
  absl::Status BeTheOnlyOne() { return only_one_.exchange(true) ? absl::OkStatus() : MarkAsTerminal(); }

  void AllEntriesDone(kv::SinglePhaseMutation& phase) override {
    if (phase.remaining_entries_.HasError()) {
      kv::WritebackError(phase);
      kv::MultiPhaseMutation::AllEntriesDone(phase);
      return;
    }
    Commit commit;
    for (kv::MutationEntry& entry : phase.entries_) Stage(entry, commit);
    commit.sent = absl::Now();
    if (commit.writes.empty()) {
      Succeed(commit, {});
      return;
    }
    RemoteDramDriver& driver = *static_cast<RemoteDramDriver*>(this->driver());
    // The pieces point into the values of the entries, which do not change until the commit is answered.
    const StagedWrites writes = std::move(commit.writes);
    auto answer = [this, commit = std::move(commit)](Result<TransactResult> result) mutable {
      OnAnswer(std::move(commit), std::move(result));
    };
    writes.Commit(driver.store(), OnExecutor<TransactResult>(driver.executor(), std::move(answer)));
  }

 private:
  struct Staged {
    Entry* entry;
    size_t place;  // the index of its outcome in TransactResult::outcomes
  };
  struct Commit {
    StagedWrites writes;
    std::vector<Staged> staged;
    absl::Time sent;
  };

  // A deleted range has no condition, but keys in it that the transaction read or wrote before may have one.
  static void Stage(kv::MutationEntry& entry, Commit& commit) {
    if (entry.entry_type() == kv::kReadModifyWrite) return StageKey(static_cast<Entry&>(entry), commit);
    auto& range = static_cast<kv::DeleteRangeEntry&>(entry);
    for (auto& superseded : range.superseded_) StageCheck(static_cast<Entry&>(superseded), commit);
    commit.writes.DeleteRange(range.key_, range.exclusive_max_);
  }

  static Generation ConditionOf(Entry& entry) {
    return FromTensorStore(StorageGeneration::Clean(entry.stamp().generation));
  }

  static void StageKey(Entry& entry, Commit& commit) {
    if (!StorageGeneration::IsDirty(entry.stamp().generation)) return StageCheck(entry, commit);
    const Generation condition = ConditionOf(entry);
    const bool deletes = entry.value_state_ == tensorstore::kvstore::ReadResult::kMissing;
    const size_t place = deletes ? commit.writes.Delete(entry.key_, condition)
                                 : commit.writes.Put(entry.key_, PiecesOf(entry.value_), condition);
    commit.staged.push_back({&entry, place});
  }

  static void StageCheck(Entry& entry, Commit& commit) {
    const Generation condition = ConditionOf(entry);
    if (condition.known()) commit.staged.push_back({&entry, commit.writes.Check(entry.key_, condition)});
  }

  void OnAnswer(Commit commit, Result<TransactResult> result) {
    if (!result.ok()) return Fail(result.status());
    if (result->state == WriteState::kApplied) return Succeed(commit, *result);
    for (const Staged& staged : commit.staged) {
      const bool matched = result->outcomes[staged.place].matched;
      if (ConditionOf(*staged.entry).known()) {
        staged.entry->stamp().time = matched ? commit.sent : absl::InfinitePast();  // InfinitePast: read it again
      }
    }
    RetryAtomicWriteback(commit.sent);
  }

  void Succeed(const Commit& commit, const TransactResult& result) {
    for (kv::MutationEntry& entry : GetCommittingPhase().entries_) {
      if (entry.entry_type() != kv::kReadModifyWrite) continue;
      auto& read_or_written = static_cast<Entry&>(entry);
      read_or_written.stamp().time = commit.sent;
      read_or_written.orig_generation_ = read_or_written.stamp().generation;
    }
    for (const Staged& staged : commit.staged) {
      if (!StorageGeneration::IsDirty(staged.entry->stamp().generation)) continue;
      staged.entry->stamp().generation = ToTensorStore(result.outcomes[staged.place].generation);
    }
    AtomicCommitWritebackSuccess();
    kv::MultiPhaseMutation::AllEntriesDone(GetCommittingPhase());
  }

  void Fail(const Status& status) {
    kv::SinglePhaseMutation& phase = GetCommittingPhase();
    const std::string first = phase.entries_.begin()->key_;
    SetError(static_cast<RemoteDramDriver*>(driver())->Failure(first, "committing a transaction that begins with",
                                                               status));
    kv::WritebackError(phase);
    kv::MultiPhaseMutation::AllEntriesDone(phase);
  }

  std::atomic<bool> only_one_{false};
};

// Runs `add(node)` under the lock of the transaction's node for this driver.
template <typename Add>
absl::Status AddTo(RemoteDramDriver* driver, tensorstore::internal::OpenTransactionPtr& transaction, Add add) {
  TENSORSTORE_ASSIGN_OR_RETURN(auto node, kv::GetTransactionNode<TransactionNode>(driver, transaction));
  {
    absl::MutexLock lock(node->mutex_);
    add(*node);
  }
  return node->BeTheOnlyOne();
}

}  // namespace

absl::Status RemoteDramDriver::ReadModifyWrite(tensorstore::internal::OpenTransactionPtr& transaction, size_t& phase,
                                               Key key, ReadModifyWriteSource& source) {
  return AddTo(this, transaction, [&phase, &key, &source](TransactionNode& node) {
    node.ReadModifyWrite(phase, std::move(key), source);
  });
}

absl::Status RemoteDramDriver::TransactionalDeleteRange(
    const tensorstore::internal::OpenTransactionPtr& transaction, tensorstore::KeyRange range) {
  tensorstore::internal::OpenTransactionPtr same = transaction;
  return AddTo(this, same, [&range](TransactionNode& node) { node.DeleteRange(std::move(range)); });
}

tensorstore::Future<tensorstore::kvstore::ReadResult> RemoteDramDriver::TransactionalRead(
    const tensorstore::internal::OpenTransactionPtr& transaction, Key key, ReadOptions options) {
  return kv::TransactionalReadImpl<TransactionNode>(this, transaction, std::move(key), std::move(options));
}

void RemoteDramDriver::TransactionalListImpl(const tensorstore::internal::OpenTransactionPtr& transaction,
                                             ListOptions options, ListReceiver receiver) {
  if (transaction->mode() & tensorstore::repeatable_read) {
    // TensorStore's own TransactionalListImpl reports the same error, but then goes on to use the receiver that it has
    // already moved from.
    tensorstore::execution::submit(
        tensorstore::ErrorSender{absl::UnimplementedError("a list cannot be repeatable_read")}, std::move(receiver));
    return;
  }
  kv::TransactionalListImpl<TransactionNode>(this, transaction, std::move(options), std::move(receiver));
}

}  // namespace remote_dram::driver
