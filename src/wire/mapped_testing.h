// An index and a segment as a server would write them: of one shard, one key, and the block that it leads to.
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

// Its table has an entry for the key, and one that is empty.
inline std::string IndexTo(uint64_t handle) {
  std::string index;
  constexpr uint64_t offset = sizeof(MappedRoot) + sizeof(MappedShard), stride = 64;  // with room for two entries more
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

// The payload is where a handle with kTestPayloadAt leads to.
inline std::string BlockOf(BlockKind kind, std::string_view payload, uint64_t value_bytes) {
  std::string segment(kTestPayloadAt - sizeof(MappedBlock), '\0');
  MappedBlock block = MappedBlock::Of(kind, value_bytes, kTestKey.size());
  block.sequence = 5;
  Append(&segment, block);
  return segment.append(payload).append(kTestKey);
}

}  // namespace remote_dram::wire

#endif  // REMOTE_DRAM_WIRE_MAPPED_TESTING_H_
