// Store::Transact: first everything that can fail; then, under the locks, all conditions, and all changes.
#include <chrono>
#include <optional>
#include <thread>
#include <utility>

#include "base/conditions.h"
#include "base/planted_fault.h"
#include "base/validate.h"
#include "store/store.h"

namespace remote_dram::store {

using Kind = WriteOperation::Kind;

// Versions that were replaced or deleted, kept to be freed after the locks are released.
struct Store::Dropped {
  std::vector<BlockRef> blocks;
  std::vector<Table::node_type> nodes;
};

Result<TransactResult> Store::Transact(const std::vector<WriteOperation>& operations, Ahead ahead) {
  if (Status valid = base::CheckTransaction(operations); !valid.ok()) return valid;
  for (const WriteOperation& each : operations) {
    if (each.kind != Kind::kPut || ahead.count(each.key) > 0) continue;
    Result<Reservation> copied = PrepareCopy(each.key, each.value);
    if (!copied.ok()) return copied.status().WithContext("transact");
    ahead.emplace(each.key, *std::move(copied));
  }
  Woken woken;
  Dropped dropped;
  const JointLock locks(shards_, ShardsOf(operations));
  TransactResult result = Judge(locks, operations);
  if (result.state != WriteState::kApplied) return result;
  std::vector<Index::Change> changes;  // all versions are odd before the first change, so no mapped reader sees half of it
  const bool one_by_one = base::Planted(base::PlantedFault::kShardsChangeOneByOne);
  for (size_t i = 0; i < shards_.size(); ++i) {
    if (locks.Holds(i) && !one_by_one) changes.emplace_back(index_.get(), i);
  }
  result.sequence = NextSequence();
  for (const WriteOperation& each : operations) {
    if (each.kind == Kind::kDeleteRange) Clear(locks, {each.key, each.end}, dropped);
  }
  for (size_t i = 0; i < operations.size(); ++i) {
    const bool forgotten = i == 1 && base::Planted(base::PlantedFault::kTransactionHalfApplied);
    std::optional<Index::Change> alone;
    if (one_by_one) {
      if (i == 1) std::this_thread::sleep_for(std::chrono::microseconds(5));  // so that a test sees the planted fault
      alone.emplace(index_.get(), ShardNumber(operations[i].key));
    }
    if (!forgotten) Apply(locks, operations[i], ahead, result.sequence, dropped);
  }
  for (size_t i = 0; i < operations.size(); ++i) {
    const WriteOperation& each = operations[i];
    Wake(locks, each, woken);
    if (each.kind == Kind::kDeleteRange) continue;
    result.outcomes[i].generation = CurrentIn(locks, each.key);
  }
  return result;
}

std::vector<bool> Store::ShardsOf(const std::vector<WriteOperation>& operations) const {
  std::vector<bool> wanted(shards_.size());
  for (const WriteOperation& each : operations) {
    if (each.kind == Kind::kDeleteRange) return std::vector<bool>(shards_.size(), true);
    wanted[ShardNumber(each.key)] = true;
  }
  return wanted;
}

Generation Store::CurrentIn(const JointLock& locks, std::string_view key) const {
  const uint64_t hash = Hash(key);
  return StatIn(locks.TableOf(ShardNumber(hash)), hash, key).generation;
}

TransactResult Store::Judge(const JointLock& locks, const std::vector<WriteOperation>& operations) const {
  TransactResult result;
  result.outcomes.resize(operations.size());
  result.sequence = sequence();
  for (size_t i = 0; i < operations.size(); ++i) {
    if (operations[i].kind == Kind::kDeleteRange) continue;
    TransactResult::Outcome& outcome = result.outcomes[i];
    outcome.generation = CurrentIn(locks, operations[i].key);
    const bool last = i + 1 == operations.size();
    outcome.matched = base::WriteMayProceed(operations[i].if_generation, outcome.generation) ||
                      (last && base::Planted(base::PlantedFault::kLastConditionIgnored));
    if (!outcome.matched) result.state = WriteState::kConditionFailed;
  }
  return result;
}

void Store::Clear(const JointLock& locks, const KeyRange& range, Dropped& dropped) {
  for (size_t shard = 0; shard < shards_.size(); ++shard) {
    Table& table = locks.TableOf(shard);
    for (auto at = table.lower_bound(range.begin); at != table.end() && range.Contains(at->key());) {
      const uint64_t hash = Hash(at->key());
      dropped.nodes.push_back(TakeOut(table, at++, hash));
    }
  }
}

// Applies a put or a delete; Clear has already applied the ranges.
void Store::Apply(const JointLock& locks, const WriteOperation& operation, Ahead& ahead, uint64_t sequence,
                  Dropped& dropped) {
  if (operation.kind != Kind::kPut && operation.kind != Kind::kDelete) return;
  const uint64_t hash = Hash(operation.key);
  Table& table = locks.TableOf(ShardNumber(hash));
  const auto at = table.lower_bound(operation.key);
  if (operation.kind == Kind::kPut) {
    Reservation value = std::move(ahead.find(operation.key)->second);
    BlockRef block = std::move(value.block_).Seal();
    Place(table, at, hash, sequence, block);
    dropped.blocks.push_back(std::move(block));
  } else if (at != table.end() && at->key() == operation.key) {
    dropped.nodes.push_back(TakeOut(table, at, hash));
  }
}

// Collects the watchers of the keys that the operation names, with each key's state after the whole transaction.
void Store::Wake(const JointLock& locks, const WriteOperation& operation, Woken& woken) const {
  if (operation.kind == Kind::kCheck) return;
  const bool is_range = operation.kind == Kind::kDeleteRange;
  const KeyRange range = is_range ? KeyRange{operation.key, operation.end} : KeyRange::Single(operation.key);
  const size_t first = is_range ? 0 : ShardNumber(operation.key);
  const size_t end = is_range ? shards_.size() : first + 1;
  for (size_t shard = first; shard < end; ++shard) {
    Watchers& watchers = locks.WatchersOf(shard);
    for (auto at = watchers.lower_bound(range.begin); at != watchers.end() && range.Contains(at->first);) {
      const std::string key = at->first;
      woken.Take(watchers, key, StatIn(locks.TableOf(shard), Hash(key), key));
      at = watchers.upper_bound(key);
    }
  }
}

}  // namespace remote_dram::store
