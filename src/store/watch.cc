// Waiting for a key to change: a wait is registered and ended under the lock of the key's shard, so it misses no change.
#include "store/watch.h"

#include "base/validate.h"
#include "store/store.h"

namespace remote_dram::store {

void Woken::Take(Watchers& watchers, std::string_view key, const StatResult& now) {
  auto [at, end] = watchers.equal_range(key);
  while (at != end) {
    if (at->second.while_generation == now.generation) {
      ++at;
      continue;
    }
    Add(std::move(at->second.changed), now);
    at = watchers.erase(at);
  }
}

Result<uint64_t> Store::Watch(std::string_view key, const Generation& while_generation, WatchCallback changed) {
  if (Status valid = base::CheckKey("wait", key); !valid.ok()) return valid;
  const Generation known = while_generation.known() ? while_generation : Generation::Missing();
  Woken woken;
  const uint64_t hash = Hash(key);
  Shard& shard = ShardOf(hash);
  base::MutexLock lock(shard.mutex);
  const StatResult now = StatIn(shard.table, hash, key);
  if (now.generation != known) {
    woken.Add(std::move(changed), now);
    return uint64_t{0};
  }
  const uint64_t id = ++last_watch_;
  shard.watchers.emplace(std::string(key), Watcher{id, known, std::move(changed)});
  return id;
}

bool Store::Unwatch(std::string_view key, uint64_t id) {
  WatchCallback dropped;  // outlives the lock
  Shard& shard = ShardOf(Hash(key));
  base::MutexLock lock(shard.mutex);
  for (auto [at, end] = shard.watchers.equal_range(key); at != end; ++at) {
    if (at->second.id != id) continue;
    dropped = std::move(at->second.changed);
    shard.watchers.erase(at);
    return true;
  }
  return false;
}

}  // namespace remote_dram::store
