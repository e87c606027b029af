// Shard: one part of the keys, in order, under one lock.
//
// Memory: an Entry shares its block with those who read it. A key's share of the budget (EntryBytes) was
// taken before it came into a table, and is given back by whoever takes it out.
// Threads: the lock is held for single look-ups and for batches of at most shard_batch_max keys, and memory
// is freed after it.
// Failure: none.
#ifndef REMOTE_DRAM_STORE_SHARD_H_
#define REMOTE_DRAM_STORE_SHARD_H_

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "base/thread_annotations.h"
#include "store/block.h"
#include "store/budget.h"
#include "store/watch.h"

namespace remote_dram::store {

struct Entry {
  uint64_t sequence = 0;  // of the write that made it; with the incarnation, its generation
  BlockRef block;
};

using Table = std::map<std::string, Entry, std::less<>>;

struct alignas(64) Shard {
  mutable base::Mutex mutex;
  Table table GUARDED_BY(mutex);
  Watchers watchers GUARDED_BY(mutex);
};

// Makes a version of a key of which `at` is the lower bound, under the table's lock. `block` becomes what was
// there before, to be dropped without that lock.
inline Table::iterator Place(Table& table, Table::iterator at, std::string&& key, Charge&& entry,
                             uint64_t sequence, BlockRef& block) {
  if (at != table.end() && at->first == key) {
    at->second.sequence = sequence;
    std::swap(at->second.block, block);
    return at;
  }
  std::move(entry).Keep();
  return table.emplace_hint(at, std::move(key), Entry{sequence, std::move(block)});
}

inline constexpr uint32_t shard_batch_max = 256;  // keys

// What a table spends on a key beside the key's bytes: a node of 80 bytes and a string's own allocation,
// both with malloc's rounding. store_test.cc measures it.
inline constexpr uint64_t kEntryOverheadBytes = 128;

inline uint64_t EntryBytes(std::string_view key) { return key.size() + kEntryOverheadBytes; }

}  // namespace remote_dram::store

#endif  // REMOTE_DRAM_STORE_SHARD_H_
