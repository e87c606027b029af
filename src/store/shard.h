// Shard: one part of the keys, in order, under one lock.
//
// Memory: an Entry shares its block with the block's readers. Key, sequence and the entry's share of the budget belong to
// the block.
// Threads: the lock is held for single look-ups, and for batches of at most shard_batch_max keys; a transaction, and a
// BatchRead at one instant, hold it for all their keys (joint_lock.h). Memory is freed after the lock is released.
// Failure: none.
#ifndef REMOTE_DRAM_STORE_SHARD_H_
#define REMOTE_DRAM_STORE_SHARD_H_

#include <cstdint>
#include <set>
#include <string_view>

#include "base/thread_annotations.h"
#include "store/block.h"
#include "store/watch.h"

namespace remote_dram::store {

struct Entry {
  // Mutable: an overwrite replaces the block. The new block has the same key, so the order of the table holds.
  mutable BlockRef block;

  std::string_view key() const { return block.key(); }
  uint64_t sequence() const { return block.sequence(); }  // incarnation and sequence are the generation
};

struct ByKey {
  using is_transparent = void;
  static std::string_view KeyOf(const Entry& entry) { return entry.key(); }
  static std::string_view KeyOf(std::string_view key) { return key; }
  template <typename A, typename B>
  bool operator()(const A& a, const B& b) const {
    return KeyOf(a) < KeyOf(b);
  }
};

using Table = std::set<Entry, ByKey>;

struct alignas(64) Shard {
  mutable base::Mutex mutex;
  Table table GUARDED_BY(mutex);
  Watchers watchers GUARDED_BY(mutex);
};

inline constexpr uint32_t shard_batch_max = 256;  // keys

}  // namespace remote_dram::store

#endif  // REMOTE_DRAM_STORE_SHARD_H_
