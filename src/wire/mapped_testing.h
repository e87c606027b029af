// Builds an index and a segment as a server would write them, with one shard, one key, and the block of that key.
//
// Memory and threads: functions that return bytes, for tests in one thread. Failure: none.
#ifndef REMOTE_DRAM_WIRE_MAPPED_TESTING_H_
#define REMOTE_DRAM_WIRE_MAPPED_TESTING_H_

#include <string>
#include <string_view>

#include "base/key_hash.h"
#include "wire/mapped.h"

namespace remote_dram::wire {

inline constexpr std::string_view kTestKey = "key";
inline constexpr uint64_t kTestIncarnation = 7;
inline constexpr uint64_t kTestPayloadAt = kMappedUnitBytes;

// An index whose table has two entries: one for kTestKey, with this handle, and an empty one.
inline std::string IndexTo(uint64_t handle) {
  std::string index;
  constexpr uint64_t offset = sizeof(MappedRoot) + sizeof(MappedShard), stride = 64;  // leaves room for two more entries
  Append(&index, MappedRoot{.shards = 1, .incarnation = kTestIncarnation, .table_offset = offset, .table_stride = stride, .owner = 1});
  Append(&index, MappedShard{.entries = 2});
  const uint64_t hash = base::KeyHash({}, kTestKey);
  MappedEntry table[2];
  table[MappedStart(hash, 2)] = {hash, handle};
  Append(&index, table[0]);
  Append(&index, table[1]);
  index.resize(offset + stride);
  return index;
}

// A segment with one block, whose payload lies at kTestPayloadAt.
inline std::string BlockOf(BlockKind kind, std::string_view payload, uint64_t value_bytes) {
  std::string segment(kTestPayloadAt - sizeof(MappedBlock), '\0');
  MappedBlock block = MappedBlock::Of(kind, value_bytes, kTestKey.size());
  block.sequence = 5;
  Append(&segment, block);
  return segment.append(payload).append(kTestKey);
}

}  // namespace remote_dram::wire

#endif  // REMOTE_DRAM_WIRE_MAPPED_TESTING_H_
