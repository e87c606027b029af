// Store: the verbs on one key.
#include "store/store.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/bytes.h"
#include "base/check.h"
#include "base/conditions.h"
#include "base/copy_bytes.h"
#include "base/fork.h"
#include "base/planted_fault.h"
#include "base/validate.h"

namespace remote_dram::store {

namespace {

// Owns what a Value refers to. A child forked while the Value existed shares the memory with this process, and may read
// the value as long as it lives: a block that a Value held at a fork is never reused.
struct ValueOwner {
  ValueOwner(std::shared_ptr<Arena> of, BlockRef held) : arena(std::move(of)), block(std::move(held)) {}
  ValueOwner(const ValueOwner&) = delete;
  ValueOwner& operator=(const ValueOwner&) = delete;
  ~ValueOwner() {
    const base::ForkCount now = base::ForksSoFar();
    if (now == made) return;
    if (now.behind == made.behind) {
      arena->KeepForGood(std::move(block));
    } else {  // this is a child: the arena belongs to the parent
      base::Abandon(std::move(block));
      base::Abandon(std::move(arena));
    }
  }

  const base::ForkCount made = base::ForksSoFar();
  std::shared_ptr<Arena> arena;
  BlockRef block;  // declared last: released before the arena
};

}  // namespace

Store::Store(const StoreOptions& options)
    : options_(options), arena_(std::make_shared<Arena>(options.memory_limit_bytes, options.sharing)) {
  RD_CHECK(options.shards > 0);
  for (int i = 0; i < options.shards; ++i) shards_.push_back(std::make_unique<Shard>());
  if (options.sharing == Sharing::kPrivate) return;
  Result<std::unique_ptr<Index>> index = Index::Make({.incarnation = options.incarnation,
                                                      .hash_seed = options.hash_seed,
                                                      .shards = shards_.size(),
                                                      .keys_max = options.memory_limit_bytes / (kEntryBytes + kUnitBytes)});
  index_missing_ = index.status();
  if (!index.ok()) return;  // the store works, but clients cannot map it
  index_ = *std::move(index);
  sequence_ = index_->sequence();
}

void Store::EndMapping() {
  arena_->Freeze();
  for (size_t i = 0; index_ != nullptr && i < shards_.size(); ++i) {
    base::MutexLock lock(shards_[i]->mutex);
    index_->Close(i);
  }
}

Table::const_iterator Store::Place(Table& table, Table::const_iterator at, uint64_t hash, uint64_t sequence,
                                   BlockRef& block) noexcept {
  block.Stamp(sequence);
  const std::string_view key = block.key();
  const bool exists = at != table.end() && at->key() == key;
  if (index_ != nullptr) {
    const uint64_t old = exists ? at->block.address().handle() : 0;
    index_->Place(ShardNumber(hash), hash, old, block.address().handle());
  }
  if (exists) {
    std::swap(at->block, block);
    return at;
  }
  return table.insert(at, Entry{std::move(block)});
}

Table::node_type Store::TakeOut(Table& table, Table::const_iterator at, uint64_t hash) {
  if (index_ != nullptr) index_->Remove(ShardNumber(hash), hash, at->block.address().handle());
  return table.extract(at);
}

Result<Reservation> Store::PrepareCopy(std::string_view key, const Pieces& value) {
  const uint64_t bytes = base::BytesOf(value);
  Result<Reservation> reservation = Prepare(key, bytes);
  if (!reservation.ok()) return reservation;
  base::CopyPieces(reservation->bytes().data, value, base::StoresFor(bytes));
  return reservation;
}

Status Store::CheckPut(std::string_view key, uint64_t value_bytes) const {
  if (Status valid = base::CheckKey("put", key); !valid.ok()) return valid;
  return base::CheckValueBytes(key, value_bytes, options_.value_bytes_max);
}

bool Store::NeverTakes(std::string_view key, uint64_t value_bytes) const {
  return !CheckPut(key, value_bytes).ok() || StrideOf(value_bytes + key.size()) + kEntryBytes > options_.memory_limit_bytes;
}

Result<Reservation> Store::Prepare(std::string_view key, uint64_t value_bytes) {
  if (Status valid = CheckPut(key, value_bytes); !valid.ok()) return valid;
  Result<PrivateBlock> block = arena_->Allocate(value_bytes, key);
  if (!block.ok()) {
    return block.status().WithContext("put " + base::Quoted(key) + " (" +
                                      base::HumanBytes(value_bytes) + ")");
  }
  return Reservation(*std::move(block));
}

Result<Reservation> Store::Shorten(Reservation reservation, uint64_t value_bytes) {
  if (value_bytes == reservation.value_bytes() || arena_->Shorten(reservation.block_, value_bytes)) return reservation;
  const std::string_view value(reservation.bytes().data, value_bytes);
  Result<Reservation> exact = PrepareCopy(reservation.key(), {value});
  if (exact.ok()) return exact;
  const std::string key(reservation.key()), kept(value);
  { const Reservation dropped = std::move(reservation); }  // the store may have had no room for both
  return PrepareCopy(key, {kept});
}

WriteResult Store::Publish(Reservation&& reservation, const Generation& if_generation) {
  const uint64_t hash = Hash(reservation.key());
  const size_t number = ShardNumber(hash);
  Shard& shard = *shards_[number];
  BlockRef& block = reservation.replaced_;  // outlives the lock; Place puts a replaced version here
  block = std::move(reservation.block_).Seal();
  const std::string_view key = block.key();
  const uint64_t value_bytes = block.size();
  Woken woken;
  base::MutexLock lock(shard.mutex);
  const auto at = shard.table.lower_bound(key);
  const bool exists = at != shard.table.end() && at->key() == key;
  if (!base::WriteMayProceed(if_generation, exists ? GenerationOf(at->sequence()) : Generation::Missing())) {
    return {WriteState::kConditionFailed, Generation::Unknown(), sequence()};
  }
  const Index::Change change(index_.get(), number);
  const bool stale = exists && base::Planted(base::PlantedFault::kGenerationNotAdvanced);
  const uint64_t sequence = stale ? at->sequence() : NextSequence();
  const Generation generation = Generation::Value(options_.incarnation, sequence);
  if (exists && base::Planted(base::PlantedFault::kAcknowledgedWriteLost)) {
    return {WriteState::kApplied, generation, sequence};
  }
  if (exists && base::Planted(base::PlantedFault::kOverwrittenInPlace)) {
    const BlockRef& old = at->block;
    std::memcpy(const_cast<char*>(old.data()), block.data(), std::min(old.size(), value_bytes));
  }
  const auto placed = Place(shard.table, at, hash, sequence, block);
  if (!shard.watchers.empty()) {
    woken.Take(shard.watchers, placed->key(), {true, generation, value_bytes, sequence});
  }
  return {WriteState::kApplied, generation, sequence};
}

// By the index if there is one: the table, which is in the keys' order, takes a step for each bit of the number of keys, and
// each of them waits for memory.
BlockHeader* Store::BlockIn(const Table& table, uint64_t hash, std::string_view key) const {
  if (index_ == nullptr || index_->closed(ShardNumber(hash))) {
    const auto at = table.find(key);
    return at == table.end() ? nullptr : at->block.header();
  }
  BlockHeader* found = nullptr;
  index_->Search(ShardNumber(hash), hash, [this, key, &found](uint64_t handle) {
    BlockHeader* const block = arena_->At(handle);
    const bool is_it = block->key() == key;
    if (is_it) found = block;
    return is_it;
  });
  return found;
}

Found Store::FindIn(const Table& table, uint64_t hash, std::string_view key, const Generation& if_generation,
                    const Generation& if_not_generation) const {
  Found found;
  found.sequence = sequence();
  BlockHeader* const block = BlockIn(table, hash, key);
  if (block == nullptr) {
    found.generation = Generation::Missing();
    return found;
  }
  found.generation = GenerationOf(block->self.sequence);
  found.value_bytes = block->self.value_bytes();
  if (!base::ReadMayProceed(if_generation, if_not_generation, found.generation)) {
    found.state = ReadState::kConditionFailed;
    return found;
  }
  found.state = ReadState::kValue;
  found.block = BlockRef::To(block);
  return found;
}

Found Store::Find(std::string_view key, const Generation& if_generation, const Generation& if_not_generation) const {
  const uint64_t hash = Hash(key);
  const Shard& shard = ShardOf(hash);
  base::MutexLock lock(shard.mutex);
  return FindIn(shard.table, hash, key, if_generation, if_not_generation);
}

Result<Found> Store::Cut(std::string_view key, Found&& found, const ByteRange& bytes) const {
  if (found.state != ReadState::kValue) return std::move(found);
  found.size = found.value_bytes;
  if (bytes.full()) return std::move(found);
  const Result<base::ResolvedRange> range = base::ResolveRange(bytes, found.value_bytes);
  if (!range.ok()) return range.status().WithContext("get " + base::Quoted(key));
  found.offset = range->offset;
  found.size = range->size;
  return std::move(found);
}

// Flattened: inlines the functions shared with BatchRead, so that a single read does not pay for their calls.
[[gnu::flatten]] Result<Found> Store::Lookup(std::string_view key, const LookupOptions& options) const {
  if (Status valid = base::CheckGet(key, options.range); !valid.ok()) return valid;
  return Cut(key, Find(key, options.if_generation, options.if_not_generation), options.range);
}

StatResult Store::StatIn(const Table& table, uint64_t hash, std::string_view key) const {
  const BlockHeader* const block = BlockIn(table, hash, key);
  if (block == nullptr) return StatResult{false, Generation::Missing(), 0, sequence()};
  return StatResult{true, GenerationOf(block->self.sequence), block->self.value_bytes(), sequence()};
}

Result<StatResult> Store::Stat(std::string_view key) const {
  if (Status valid = base::CheckKey("stat", key); !valid.ok()) return valid;
  const uint64_t hash = Hash(key);
  const Shard& shard = ShardOf(hash);
  base::MutexLock lock(shard.mutex);
  return StatIn(shard.table, hash, key);
}

Result<WriteResult> Store::Delete(std::string_view key, const Generation& if_generation) {
  if (Status valid = base::CheckKey("delete", key); !valid.ok()) return valid;
  const uint64_t hash = Hash(key);
  const size_t number = ShardNumber(hash);
  Shard& shard = *shards_[number];
  Table::node_type removed;  // outlives the lock
  Woken woken;
  base::MutexLock lock(shard.mutex);
  const auto at = shard.table.find(key);
  const bool exists = at != shard.table.end();
  if (!base::WriteMayProceed(if_generation, exists ? GenerationOf(at->sequence()) : Generation::Missing())) {
    const bool lie = base::Planted(base::PlantedFault::kRefusedDeleteAnswersApplied);
    const WriteState state = lie ? WriteState::kApplied : WriteState::kConditionFailed;
    return WriteResult{state, Generation::Unknown(), sequence()};
  }
  const Index::Change change(index_.get(), number);
  const uint64_t sequence = NextSequence();  // also if there was nothing: it has a place in the history
  if (exists) {
    removed = TakeOut(shard.table, at, hash);
    if (!shard.watchers.empty() && !base::Planted(base::PlantedFault::kDeleteWakesNobody)) {
      woken.Take(shard.watchers, key, {false, Generation::Missing(), 0, sequence});
    }
  }
  return WriteResult{WriteState::kApplied, Generation::Missing(), sequence};
}

StoreUsage Store::Usage() const {
  StoreUsage usage;
  arena_->Reclaim();  // so that retired blocks without a pin do not count as used
  for (const auto& shard : shards_) {
    base::MutexLock lock(shard->mutex);
    usage.keys += shard->table.size();
  }
  usage.memory_bytes = arena_->budget().used_bytes();
  usage.memory_limit_bytes = options_.memory_limit_bytes;
  usage.sequence = sequence();
  return usage;
}

Value Store::ToValue(BlockRef block, uint64_t offset, uint64_t size) const {
  const std::string_view bytes = block.bytes().substr(offset, size);
  return Value(std::make_shared<ValueOwner>(arena_, std::move(block)), bytes);
}

}  // namespace remote_dram::store
