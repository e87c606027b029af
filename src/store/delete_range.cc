// Store::DeleteRange: shard by shard, a batch under the lock at a time.
#include "base/validate.h"
#include "store/store.h"

namespace remote_dram::store {

Result<DeleteRangeResult> Store::DeleteRange(const KeyRange& range) {
  if (Status valid = base::CheckKeyRange("delete range", range); !valid.ok()) return valid;
  DeleteRangeResult result;
  for (const auto& shard : shards_) {
    std::string from = range.begin;
    while (DeleteSome(*shard, range, from, result.keys_deleted)) {
    }
  }
  result.sequence = sequence_.load();
  return result;
}

// True if the shard may hold more keys of the range; they start with `from`, which only grows, so that keys
// which others keep writing cannot hold the call for ever.
bool Store::DeleteSome(Shard& shard, const KeyRange& range, std::string& from, uint64_t& keys_deleted) {
  std::vector<Table::node_type> removed;  // outlives the lock
  removed.reserve(shard_batch_max);
  Woken woken;
  base::MutexLock lock(shard.mutex);
  auto at = shard.table.lower_bound(from);
  while (at != shard.table.end() && range.Contains(at->first) && removed.size() < shard_batch_max) {
    const uint64_t sequence = ++sequence_;
    arena_->budget().Give(EntryBytes(at->first));
    if (!shard.watchers.empty()) {
      woken.Take(shard.watchers, at->first, {false, Generation::Missing(), 0, sequence});
    }
    removed.push_back(shard.table.extract(at++));
  }
  keys_deleted += removed.size();
  if (at == shard.table.end() || !range.Contains(at->first)) return false;
  from = at->first;
  return true;
}

}  // namespace remote_dram::store
