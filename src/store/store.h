// Store: keys and values in this process's memory, with all conditions and range rules of the public API. It is a state
// machine that knows neither network nor clock.
//
// A mutation draws the next number of one sequence while it holds the lock of its key's shard. The number is the mutation's
// position in the history of the store, and the second half of the new generation. A read reports the newest number,
// also read under the shard's lock.
// Memory: a value is an immutable block, shared by the store and its readers. Handles (BlockRef,
// Reservation) must not outlive the store; a Value from ToValue may.
// Threads: any. Operations on one key are linearizable. A transaction, and a BatchRead that asks for it, happen at one
// instant; List, DeleteRange and CopyRange do not. See joint_lock.h for the order of locks.
// Failure: INVALID_ARGUMENT: a key, size or range is invalid or over a limit. OUT_OF_RANGE: a byte range is outside of the
// version that was found. RESOURCE_EXHAUSTED: no memory for a value or a key, or a reply over its limit. A missing key is
// a result, not an error.
// Limits: those of remote_dram/limits.h for keys, values, lists, batches and transactions, and memory_limit_bytes.
#ifndef REMOTE_DRAM_STORE_STORE_H_
#define REMOTE_DRAM_STORE_STORE_H_

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/key_hash.h"
#include "base/read_view.h"
#include "remote_dram/generation.h"
#include "remote_dram/limits.h"
#include "remote_dram/status.h"
#include "remote_dram/value.h"
#include "remote_dram/verbs.h"
#include "store/arena.h"
#include "store/index.h"
#include "store/joint_lock.h"
#include "store/shard.h"
#include "store/watch.h"

namespace remote_dram::store {

struct StoreOptions {
  uint64_t incarnation = 0;  // random; a new one for every store
  base::HashSeed hash_seed;  // random; known only to clients that may map the store
  uint64_t memory_limit_bytes = uint64_t{1} << 30;
  uint64_t value_bytes_max = remote_dram::value_bytes_max;
  int shards = 16;
  Sharing sharing = Sharing::kPrivate;  // kShared: clients on this host may map and read it
};

// A Put before it is published: its key, private memory to receive the value into, and their share of the budget.
// Destroying it gives all of that back.
class Reservation {
 public:
  Reservation(Reservation&&) = default;
  Reservation& operator=(Reservation&&) = default;

  std::string_view key() const { return block_.key(); }
  MutableBytes bytes() { return block_.bytes(); }
  uint64_t value_bytes() const { return block_.value_bytes(); }

 private:
  friend class Store;
  explicit Reservation(PrivateBlock block) : block_(std::move(block)) {}

  PrivateBlock block_;
  BlockRef replaced_;
};

struct LookupOptions {
  Generation if_generation;
  Generation if_not_generation;
  ByteRange range;
};

struct Found {
  ReadState state = ReadState::kMissing;
  Generation generation;     // of the current version; Missing if there is none
  BlockRef block;            // the whole value, if state is kValue
  uint64_t offset = 0;       // offset and size: the range that was asked for, in bytes of the block
  uint64_t size = 0;
  uint64_t value_bytes = 0;  // of the whole value, if the key exists
  uint64_t sequence = 0;

  std::string_view bytes() const { return block ? block.bytes().substr(offset, size) : std::string_view(); }
};

struct FoundMany {
  std::vector<Result<Found>> results;  // one per operation
  uint64_t sequence = 0;               // of the instant, or of the last operation
};

// Values that were sent ahead of their transaction, by key.
using Ahead = std::map<std::string, Reservation, std::less<>>;

struct StoreUsage {
  uint64_t keys = 0;
  uint64_t memory_bytes = 0;
  uint64_t memory_limit_bytes = 0;
  uint64_t sequence = 0;
};

class Store {
 public:
  explicit Store(const StoreOptions& options);

  // A Put in two steps. Prepare does everything that can fail; Publish makes the value visible, at one instant.
  Result<Reservation> Prepare(std::string_view key, uint64_t value_bytes);
  // Whether Prepare would refuse this even if the store were empty.
  bool NeverTakes(std::string_view key, uint64_t value_bytes) const;
  uint64_t value_bytes_max() const { return options_.value_bytes_max; }
  // `reservation` keeps the version that was replaced, so that it is freed outside of the shard's lock.
  WriteResult Publish(Reservation&& reservation, const Generation& if_generation);

  Result<Found> Lookup(std::string_view key, const LookupOptions& options) const;
  Result<StatResult> Stat(std::string_view key) const;
  Result<WriteResult> Delete(std::string_view key, const Generation& if_generation);
  // Deletes the keys that it finds, each at its own instant. The sequence is the store's when the call ends.
  Result<DeleteRangeResult> DeleteRange(const KeyRange& range);
  // The sequence is the store's when the call began: the page shows every mutation up to it, and maybe later ones.
  Result<ListPage> List(const KeyRange& range, const ListOptions& options) const;

  // Several keys, each with its own result. RESOURCE_EXHAUSTED: the values exceed batch_reply_bytes_max together.
  Result<FoundMany> BatchRead(const std::vector<base::ReadView>& operations, bool at_one_instant) const;
  Result<BatchWriteResult> BatchWrite(const std::vector<WriteOperation>& operations);
  // All or nothing, at one instant and under one sequence. The value of a put is taken from `ahead` if its key is there,
  // otherwise copied from the operation.
  Result<TransactResult> Transact(const std::vector<WriteOperation>& operations, Ahead ahead = {});
  // Copies the keys that it finds, each at its own instant. An error says how many were copied before it.
  Result<CopyRangeResult> CopyRange(const KeyRange& source, const CopyTarget& target);

  // Calls `changed` once, when the key's generation is no longer `while_generation`; maybe before Watch returns. Returns an
  // id for Unwatch, or 0 if `changed` was already called.
  Result<uint64_t> Watch(std::string_view key, const Generation& while_generation, WatchCallback changed);
  // False if `changed` was called or is about to be.
  bool Unwatch(std::string_view key, uint64_t id);

  // Leaves the first `value_bytes` of the value that is to be published, and gives back the rest of its memory. Fails only if
  // the value has to move for that, and there is no room.
  Result<Reservation> Shorten(Reservation reservation, uint64_t value_bytes);
  // Prepare, and copies the value.
  Result<Reservation> PrepareCopy(std::string_view key, const Pieces& value);
  // Memory for a message that is being received, counted against the limit.
  Result<PrivateBlock> Scratch(uint64_t bytes) { return arena_->Allocate(bytes); }

  StoreUsage Usage() const;
  // The index that mapping clients read; null: the store is private, or see index_missing.
  Index* index() const { return index_.get(); }
  // Why a shared store has no index; ok() if it has one, or is private.
  const Status& index_missing() const { return index_missing_; }
  Arena& arena() const { return *arena_; }
  // From now on no client looks keys up in the mapping; blocks that clients have pinned are not reused.
  void EndMapping();

  uint64_t sequence() const { return Sequence().load(); }
  uint64_t incarnation() const { return options_.incarnation; }

  // The bytes [offset, offset + size) of the block as a public Value, which keeps the block and the arena alive.
  Value ToValue(BlockRef block, uint64_t offset, uint64_t size) const;

 private:
  // Place stores a new version, TakeOut removes a key; both in table and index, under the shard's lock and within a Change.
  // Afterwards `block`, or the returned node, has the old version; the caller drops it after it has released the lock.
  // `hash`: of the key. noexcept: half a change must not stay, so a process that has no memory for a node ends.
  Table::const_iterator Place(Table& table, Table::const_iterator at, uint64_t hash, uint64_t sequence,
                              BlockRef& block) noexcept;
  Table::node_type TakeOut(Table& table, Table::const_iterator at, uint64_t hash);

  std::atomic_ref<uint64_t> Sequence() const { return std::atomic_ref<uint64_t>(*sequence_); }
  uint64_t NextSequence() { return Sequence().fetch_add(1) + 1; }
  uint64_t Hash(std::string_view key) const { return base::KeyHash(options_.hash_seed, key); }
  size_t ShardNumber(uint64_t hash) const { return hash % shards_.size(); }
  size_t ShardNumber(std::string_view key) const { return ShardNumber(Hash(key)); }
  Shard& ShardOf(uint64_t hash) const { return *shards_[ShardNumber(hash)]; }
  Generation GenerationOf(uint64_t sequence) const { return Generation::Value(options_.incarnation, sequence); }
  // These read a shard whose lock the caller holds: `table` is its table, `hash` that of the key. BlockIn returns null if the
  // key does not exist. FindIn returns a reference to the block.
  BlockHeader* BlockIn(const Table& table, uint64_t hash, std::string_view key) const;
  StatResult StatIn(const Table& table, uint64_t hash, std::string_view key) const;
  Found FindIn(const Table& table, uint64_t hash, std::string_view key, const Generation& if_generation,
               const Generation& if_not_generation) const;
  // These take the locks, and release them: Find for one key, FindTogether for all of them at one instant.
  Found Find(std::string_view key, const Generation& if_generation, const Generation& if_not_generation) const;
  std::vector<Found> FindTogether(const std::vector<base::ReadView>& reads) const;
  // These need no lock: what was asked of the version that was found; Cut applies the range.
  Result<Found> Answer(const base::ReadView& read, Found&& found) const;
  Result<Found> Cut(std::string_view key, Found&& found, const ByteRange& range) const;

  Status CheckPut(std::string_view key, uint64_t value_bytes) const;

  // The steps of a transaction, in transact.cc.
  struct Dropped;
  std::vector<bool> ShardsOf(const std::vector<WriteOperation>& operations) const;
  Generation CurrentIn(const JointLock& locks, std::string_view key) const;
  TransactResult Judge(const JointLock& locks, const std::vector<WriteOperation>& operations) const;
  void Clear(const JointLock& locks, const KeyRange& range, Dropped& dropped);
  void Apply(const JointLock& locks, const WriteOperation& operation, Ahead& ahead, uint64_t sequence,
             Dropped& dropped);
  void Wake(const JointLock& locks, const WriteOperation& operation, Woken& woken) const;

  Result<bool> CopySome(const Shard& shard, const KeyRange& source, const CopyTarget& target,
                        std::string& from, uint64_t& keys_copied);
  Result<bool> CopyOne(const std::string& key, const CopyTarget& target);
  bool DeleteSome(size_t number, const KeyRange& range, std::string& from, uint64_t& keys_deleted);

  const StoreOptions options_;
  const std::shared_ptr<Arena> arena_;  // declared before the shards, whose blocks return to it
  std::unique_ptr<Index> index_;
  Status index_missing_;
  uint64_t private_sequence_ = 0;
  uint64_t* sequence_ = &private_sequence_;  // accessed atomically; lies in the index if there is one
  std::atomic<uint64_t> last_watch_{0};
  Shards shards_;
};

}  // namespace remote_dram::store

#endif  // REMOTE_DRAM_STORE_STORE_H_
