// Store::BatchRead and BatchWrite: many keys in one call, each with its own result.
#include <utility>

#include "base/planted_fault.h"
#include "base/validate.h"
#include "store/store.h"

namespace remote_dram::store {

Result<FoundMany> Store::BatchRead(const std::vector<ReadOperation>& operations, bool at_one_instant) const {
  if (Status valid = base::CheckBatchRead(operations); !valid.ok()) return valid;
  std::vector<Found> found;
  found.reserve(operations.size());
  if (at_one_instant && !base::Planted(base::PlantedFault::kSnapshotOfTwoInstants)) {
    std::vector<uint64_t> hashes;
    std::vector<bool> wanted(shards_.size());
    for (const ReadOperation& each : operations) wanted[ShardNumber(hashes.emplace_back(Hash(each.key)))] = true;
    const JointLock locks(shards_, std::move(wanted));
    for (size_t i = 0; i < operations.size(); ++i) {
      const ReadOperation& each = operations[i];
      found.push_back(
          FindIn(locks.TableOf(ShardNumber(hashes[i])), hashes[i], each.key, each.if_generation, each.if_not_generation));
    }
  } else {
    for (const ReadOperation& each : operations) {
      const uint64_t hash = Hash(each.key);
      const Shard& shard = ShardOf(hash);
      base::MutexLock lock(shard.mutex);
      found.push_back(FindIn(shard.table, hash, each.key, each.if_generation, each.if_not_generation));
    }
  }
  FoundMany many;
  many.sequence = found.back().sequence;
  many.results.reserve(operations.size());
  uint64_t bytes = 0;
  for (size_t i = 0; i < operations.size(); ++i) {
    const ReadOperation& each = operations[i];
    if (each.stat) found[i].block = {};
    const Status sense = each.stat ? Status() : base::CheckGet(each.key, each.range);
    many.results.push_back(!sense.ok() ? Result<Found>(sense)
                           : each.stat ? Result<Found>(std::move(found[i]))
                                       : Cut(each.key, std::move(found[i]), each.range));
    if (many.results.back().ok()) bytes += many.results.back()->size;
  }
  if (bytes <= batch_reply_bytes_max) return many;
  return Status(StatusCode::kResourceExhausted,
                "batch read: " + std::to_string(bytes) + " bytes are over batch_reply_bytes_max (" +
                    std::to_string(batch_reply_bytes_max) + "); read fewer keys at once");
}

Result<BatchWriteResult> Store::BatchWrite(const std::vector<WriteOperation>& operations) {
  if (Status valid = base::CheckBatchWrite(operations); !valid.ok()) return valid;
  BatchWriteResult result;
  result.results.reserve(operations.size());
  for (const WriteOperation& each : operations) {
    if (each.kind == WriteOperation::Kind::kDelete) {
      result.results.push_back(Delete(each.key, each.if_generation));
      continue;
    }
    Result<Reservation> reservation = PrepareCopy(each.key, each.value);
    result.results.push_back(reservation.ok() ? Publish(*std::move(reservation), each.if_generation)
                                              : Result<WriteResult>(reservation.status()));
  }
  for (const Result<WriteResult>& each : result.results) {
    if (each.ok()) result.sequence = each->sequence;
  }
  if (result.sequence == 0) result.sequence = sequence();
  return result;
}

}  // namespace remote_dram::store
