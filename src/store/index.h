// Index: the hash tables in which clients that map the store's memory look keys up (wire/mapped.h), and the store itself.
//
// Memory: one sealed memfd, as large as the tables can ever become. A table grows in place, and its pages are reserved as
// it grows. The store's sequence lies in the same memory, because a reader needs entry and sequence of one moment; so does
// the death mark of this process (base/death_mark.h).
// Threads: the caller of Change, Place, Remove, Search, Close and closed holds the shard's lock, so a shard has one writer at a
// time. Other processes read the words at any time: see wire/mapped.h for why atomics are enough.
// Failure: a table that cannot grow closes its shard for ever: clients then ask the server by message, which
// uses its own table.
// Limits: index_entries_max per shard. A table grows at 3/4, and is at most 7/8 full.
#ifndef REMOTE_DRAM_STORE_INDEX_H_
#define REMOTE_DRAM_STORE_INDEX_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "base/death_mark.h"
#include "base/key_hash.h"
#include "remote_dram/status.h"
#include "store/segment.h"
#include "wire/mapped.h"

namespace remote_dram::store {

inline constexpr uint64_t index_entries_min = 256;
inline constexpr uint64_t index_entries_max = uint64_t{1} << 24;

struct IndexOptions {
  uint64_t incarnation = 0;
  base::HashSeed hash_seed;
  size_t shards = 0;
  uint64_t keys_max = 0;  // of the whole store; beyond it keys are served, but perhaps not in the index
};

class Index {
 public:
  static Result<std::unique_ptr<Index>> Make(const IndexOptions& options);
  Index(const Index&) = delete;
  Index& operator=(const Index&) = delete;

  // A change of one shard. While it lives, the shard's version is odd: clients wait for its end, or ask the server. It
  // must begin before the sequence of the change is drawn. If `index` is null, it does nothing.
  class Change {
   public:
    Change(Index* index, size_t shard);
    Change(Change&& other) noexcept;
    Change& operator=(Change&&) = delete;
    ~Change();

   private:
    Index* index_;
    const size_t shard_;
  };

  // Both within a Change. `old`: the handle that the key has in the index; 0: none.
  void Place(size_t shard, uint64_t hash, uint64_t old, uint64_t handle);
  void Remove(size_t shard, uint64_t hash, uint64_t handle);
  // Calls `is_it` (bool(uint64_t handle)) for each key with this hash, until it returns true. Not for a closed shard.
  template <typename IsIt>
  void Search(size_t shard, uint64_t hash, const IsIt& is_it) const {
    const wire::MappedEntry* const entries = table(shard);
    const uint64_t mask = states_[shard].entries - 1;
    for (uint64_t at = wire::MappedStart(hash, mask + 1); entries[at].handle != 0; at = (at + 1) & mask) {
      if (entries[at].hash == hash && is_it(entries[at].handle)) return;
    }
  }
  // No key of this shard is looked up here any more. Within a Change or outside of one.
  void Close(size_t shard);
  bool closed(size_t shard) const { return states_[shard].closed; }

  uint64_t* sequence() { return &root().sequence; }
  const base::Descriptor& memory() const { return memory_->memory(); }
  uint64_t bytes() const { return memory_->bytes(); }

 private:
  struct State {
    uint64_t entries = 0;
    uint64_t used = 0;
    bool closed = false;
  };

  Index(const IndexOptions& options, uint64_t table_stride, std::unique_ptr<Segment> memory);
  Status Open();
  wire::MappedRoot& root() const { return *reinterpret_cast<wire::MappedRoot*>(memory_->base()); }
  wire::MappedShard& shard(size_t number) const;
  wire::MappedEntry* table(size_t shard) const;
  Status Reserve(size_t shard, uint64_t entries);
  void Insert(size_t shard, uint64_t hash, uint64_t handle);
  wire::MappedEntry* Find(size_t shard, uint64_t hash, uint64_t handle) const;
  bool MakeRoom(size_t shard);

  const uint64_t table_stride_;
  const std::unique_ptr<Segment> memory_;
  std::unique_ptr<base::DeathMark> mark_;  // its word is root().owner
  std::vector<State> states_;  // each guarded by the lock of its shard
};

}  // namespace remote_dram::store

#endif  // REMOTE_DRAM_STORE_INDEX_H_
