// Store::CopyRange: collects keys in batches under one shard's lock, then copies each key under the locks of its two shards.
#include <utility>

#include "base/bytes.h"
#include "base/planted_fault.h"
#include "base/validate.h"
#include "store/store.h"

namespace remote_dram::store {

Result<CopyRangeResult> Store::CopyRange(const KeyRange& source, const CopyTarget& target) {
  if (Status valid = base::CheckCopyRange(source, target); !valid.ok()) return valid;
  CopyRangeResult result;
  for (const auto& shard : shards_) {
    std::string from = source.begin;
    for (bool more = true; more;) {
      Result<bool> some = CopySome(*shard, source, target, from, result.keys_copied);
      if (!some.ok()) {
        const Status& why = some.status();
        return Status(why.code(), why.message() + "; " + std::to_string(result.keys_copied) + " were copied before");
      }
      more = *some;
    }
  }
  result.sequence = sequence();
  return result;
}

// Copies one batch, from the key `from` on. True if the shard has more keys of the range; `from` is then the next of
// them. It only grows.
Result<bool> Store::CopySome(const Shard& shard, const KeyRange& source, const CopyTarget& target,
                             std::string& from, uint64_t& keys_copied) {
  std::vector<std::string> keys;
  keys.reserve(shard_batch_max);
  bool more = false;
  {
    base::MutexLock lock(shard.mutex);
    auto at = shard.table.lower_bound(from);
    for (; at != shard.table.end() && source.Contains(at->key()) && keys.size() < shard_batch_max; ++at) {
      keys.emplace_back(at->key());
    }
    more = at != shard.table.end() && source.Contains(at->key());
    if (more) from = at->key();
  }
  for (const std::string& key : keys) {
    const Result<bool> copied = CopyOne(key, target);
    if (!copied.ok()) return copied;
    keys_copied += *copied;
  }
  return more;
}

// False if the key was deleted meanwhile.
Result<bool> Store::CopyOne(const std::string& key, const CopyTarget& target) {
  const std::string what = "copy " + base::Quoted(key);
  if (target.strip_bytes > key.size()) {
    return Status(StatusCode::kInvalidArgument,
                  what + ": strip_bytes is " + std::to_string(target.strip_bytes) + ", more than the key has");
  }
  std::string copy = target.prefix + key.substr(target.strip_bytes);
  if (Status valid = base::CheckKey(what + " to", copy); !valid.ok()) return valid;
  const uint64_t hash = Hash(copy);
  const size_t from = ShardNumber(key), to = ShardNumber(hash);
  std::vector<bool> both(shards_.size());
  both[from] = both[to] = true;
  Woken woken;
  BlockRef block;  // outlives the locks; Place puts a replaced version here, which is freed then
  const JointLock locks(shards_, std::move(both));
  const auto original = locks.TableOf(from).find(key);
  if (original == locks.TableOf(from).end()) return false;
  Result<PrivateBlock> link = arena_->AllocateLink(original->block.Holder(), copy);
  if (!link.ok()) return link.status().WithContext(what);
  block = (*std::move(link)).Seal();
  const Index::Change change(index_.get(), to);
  const bool same = base::Planted(base::PlantedFault::kCopyKeepsGeneration);
  const uint64_t sequence = same ? original->sequence() : NextSequence();
  const StatResult now{true, Generation::Value(options_.incarnation, sequence), block.size(), sequence};
  Table& table = locks.TableOf(to);
  const auto placed = Place(table, table.lower_bound(copy), hash, sequence, block);
  if (!locks.WatchersOf(to).empty()) woken.Take(locks.WatchersOf(to), placed->key(), now);
  return true;
}

}  // namespace remote_dram::store
