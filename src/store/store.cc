// Store: the verbs on one key.
#include "store/store.h"

#include <utility>

#include "base/bytes.h"
#include "base/check.h"
#include "base/planted_fault.h"
#include "base/validate.h"
#include "store/conditions.h"

namespace remote_dram::store {

Store::Store(const StoreOptions& options)
    : options_(options), arena_(std::make_shared<Arena>(options.memory_limit_bytes)) {
  RD_CHECK(options.shards > 0);
  for (int i = 0; i < options.shards; ++i) shards_.push_back(std::make_unique<Shard>());
}

Result<Reservation> Store::Prepare(std::string_view key, uint64_t value_bytes) {
  if (Status valid = base::CheckKey("put", key); !valid.ok()) return valid;
  Status valid_size = base::CheckValueBytes(key, value_bytes, options_.value_bytes_max);
  if (!valid_size.ok()) return valid_size;
  Result<Charge> entry = Charge::Take(arena_->budget(), EntryBytes(key));
  Result<PrivateBlock> block = entry.ok() ? arena_->Allocate(value_bytes) : entry.status();
  if (!block.ok()) {
    return block.status().WithContext("put " + base::Quoted(key) + " (" +
                                      base::HumanBytes(value_bytes) + ")");
  }
  return Reservation(std::string(key), *std::move(entry), *std::move(block));
}

WriteResult Store::Publish(Reservation reservation, const Generation& if_generation) {
  Shard& shard = ShardOf(reservation.key_);
  BlockRef block = std::move(reservation.block_).Seal();  // outlives the lock, as does what it is swapped for
  base::MutexLock lock(shard.mutex);
  const auto at = shard.table.lower_bound(reservation.key_);
  const bool exists = at != shard.table.end() && at->first == reservation.key_;
  if (!WriteMayProceed(if_generation, exists ? GenerationOf(at->second) : Generation::Missing())) {
    return {WriteState::kConditionFailed, Generation::Unknown(), sequence_.load()};
  }
  const bool stale = exists && base::Planted(base::PlantedFault::kGenerationNotAdvanced);
  const uint64_t sequence = stale ? at->second.sequence : ++sequence_;
  if (exists) {
    at->second.sequence = sequence;
    std::swap(at->second.block, block);
  } else {
    shard.table.emplace_hint(at, std::move(reservation.key_), Entry{sequence, std::move(block)});
    std::move(reservation.entry_).Keep();
  }
  return {WriteState::kApplied, Generation::Value(options_.incarnation, sequence), sequence};
}

Result<Found> Store::Lookup(std::string_view key, const LookupOptions& options) const {
  if (Status valid = base::CheckKey("get", key); !valid.ok()) return valid;
  if (Status valid = base::CheckByteRange(options.range); !valid.ok()) {
    return valid.WithContext("get " + base::Quoted(key));
  }
  Found found;
  {
    const Shard& shard = ShardOf(key);
    base::MutexLock lock(shard.mutex);
    found.sequence = sequence_.load();
    const auto at = shard.table.find(key);
    if (at == shard.table.end()) {
      found.generation = Generation::Missing();
      return found;
    }
    found.generation = GenerationOf(at->second);
    found.value_bytes = at->second.block.size();
    if (!ReadMayProceed(options.if_generation, options.if_not_generation, found.generation)) {
      found.state = ReadState::kConditionFailed;
      return found;
    }
    found.block = at->second.block;
  }
  const Result<base::ResolvedRange> range = base::ResolveRange(options.range, found.value_bytes);
  if (!range.ok()) return range.status().WithContext("get " + base::Quoted(key));
  found.state = ReadState::kValue;
  found.offset = range->offset;
  found.size = range->size;
  return found;
}

Result<StatResult> Store::Stat(std::string_view key) const {
  if (Status valid = base::CheckKey("stat", key); !valid.ok()) return valid;
  const Shard& shard = ShardOf(key);
  base::MutexLock lock(shard.mutex);
  const auto at = shard.table.find(key);
  if (at == shard.table.end()) return StatResult{false, Generation::Missing(), 0, sequence_.load()};
  return StatResult{true, GenerationOf(at->second), at->second.block.size(), sequence_.load()};
}

Result<WriteResult> Store::Delete(std::string_view key, const Generation& if_generation) {
  if (Status valid = base::CheckKey("delete", key); !valid.ok()) return valid;
  Shard& shard = ShardOf(key);
  Table::node_type removed;  // outlives the lock
  base::MutexLock lock(shard.mutex);
  const auto at = shard.table.find(key);
  const bool exists = at != shard.table.end();
  if (!WriteMayProceed(if_generation, exists ? GenerationOf(at->second) : Generation::Missing())) {
    const bool lie = base::Planted(base::PlantedFault::kRefusedDeleteAnswersApplied);
    const WriteState state = lie ? WriteState::kApplied : WriteState::kConditionFailed;
    return WriteResult{state, Generation::Unknown(), sequence_.load()};
  }
  const uint64_t sequence = ++sequence_;  // also if there was nothing: it has a place in the history
  if (exists) {
    removed = shard.table.extract(at);
    arena_->budget().Give(EntryBytes(key));
  }
  return WriteResult{WriteState::kApplied, Generation::Missing(), sequence};
}

StoreUsage Store::Usage() const {
  StoreUsage usage;
  for (const auto& shard : shards_) {
    base::MutexLock lock(shard->mutex);
    usage.keys += shard->table.size();
  }
  usage.memory_bytes = arena_->budget().used_bytes();
  usage.memory_limit_bytes = options_.memory_limit_bytes;
  usage.sequence = sequence_.load();
  return usage;
}

Value Store::ToValue(BlockRef block, uint64_t offset, uint64_t size) const {
  struct Owner {
    std::shared_ptr<Arena> arena;
    BlockRef block;  // goes before the arena does
  };
  const std::string_view bytes = block.bytes().substr(offset, size);
  return Value(std::make_shared<Owner>(Owner{arena_, std::move(block)}), bytes);
}

Shard& Store::ShardOf(std::string_view key) const {
  return *shards_[KeyHash(options_.hash_seed, key) % shards_.size()];
}

Generation Store::GenerationOf(const Entry& entry) const {
  return Generation::Value(options_.incarnation, entry.sequence);
}

}  // namespace remote_dram::store
