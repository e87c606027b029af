// Store::DeleteRange: shard by shard, in batches; each batch under the shard's lock.
#include "base/validate.h"
#include "store/store.h"

namespace remote_dram::store {

Result<DeleteRangeResult> Store::DeleteRange(const KeyRange& range) {
  if (Status valid = base::CheckKeyRange("delete range", range); !valid.ok()) return valid;
  DeleteRangeResult result;
  for (size_t shard = 0; shard < shards_.size(); ++shard) {
    std::string from = range.begin;
    while (DeleteSome(shard, range, from, result.keys_deleted)) {
    }
  }
  result.sequence = sequence();
  return result;
}

// Deletes one batch, from the key `from` on. True if the shard has more keys of the range; `from` is then the next of
// them. It only grows, so a call ends even if others keep writing keys of the range.
bool Store::DeleteSome(size_t number, const KeyRange& range, std::string& from, uint64_t& keys_deleted) {
  Shard& shard = *shards_[number];
  std::vector<Table::node_type> removed;  // outlives the lock
  removed.reserve(shard_batch_max);
  Woken woken;
  base::MutexLock lock(shard.mutex);
  const Index::Change change(index_.get(), number);
  auto at = shard.table.lower_bound(from);
  while (at != shard.table.end() && range.Contains(at->key()) && removed.size() < shard_batch_max) {
    const uint64_t sequence = NextSequence();
    if (!shard.watchers.empty()) {
      woken.Take(shard.watchers, at->key(), {false, Generation::Missing(), 0, sequence});
    }
    const uint64_t hash = Hash(at->key());
    removed.push_back(TakeOut(shard.table, at++, hash));
  }
  keys_deleted += removed.size();
  if (at == shard.table.end() || !range.Contains(at->key())) return false;
  from = at->key();
  return true;
}

}  // namespace remote_dram::store
