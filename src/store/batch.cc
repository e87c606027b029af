// Store::BatchRead and BatchWrite: many keys in one call, each with its own result.
#include <utility>

#include "base/planted_fault.h"
#include "base/validate.h"
#include "store/store.h"

namespace remote_dram::store {

// What `read` asks of the version that was found.
Result<Found> Store::Answer(const base::ReadView& read, Found&& found) const {
  if (read.stat) {
    found.block = {};
    return std::move(found);
  }
  if (Status sense = base::CheckGet(read.key, read.range); !sense.ok()) return sense;
  return Cut(read.key, std::move(found), read.range);
}

std::vector<Found> Store::FindTogether(const std::vector<base::ReadView>& reads) const {
  std::vector<uint64_t> hashes;
  hashes.reserve(reads.size());
  std::vector<bool> wanted(shards_.size());
  for (const base::ReadView& each : reads) wanted[ShardNumber(hashes.emplace_back(Hash(each.key)))] = true;
  std::vector<Found> found;
  found.reserve(reads.size());
  const JointLock locks(shards_, std::move(wanted));
  for (size_t i = 0; i < reads.size(); ++i) {
    const Table& table = locks.TableOf(ShardNumber(hashes[i]));
    found.push_back(FindIn(table, hashes[i], reads[i].key, reads[i].if_generation, reads[i].if_not_generation));
  }
  return found;
}

Result<FoundMany> Store::BatchRead(const std::vector<base::ReadView>& operations, bool at_one_instant) const {
  if (Status valid = base::CheckBatchRead(operations); !valid.ok()) return valid;
  FoundMany many;
  many.results.reserve(operations.size());
  const auto add = [this, &many](const base::ReadView& read, Found&& found) {
    many.sequence = found.sequence;
    many.results.push_back(Answer(read, std::move(found)));
  };
  if (at_one_instant && !base::Planted(base::PlantedFault::kSnapshotOfTwoInstants)) {
    std::vector<Found> found = FindTogether(operations);
    for (size_t i = 0; i < operations.size(); ++i) add(operations[i], std::move(found[i]));
  } else {
    for (const base::ReadView& each : operations) add(each, Find(each.key, each.if_generation, each.if_not_generation));
  }
  uint64_t bytes = 0;
  for (const Result<Found>& each : many.results) bytes += each.ok() ? each->size : 0;
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
