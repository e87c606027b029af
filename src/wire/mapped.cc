// The checks of mapped memory: each Fault refuses what no correct server writes there.
#include "wire/mapped.h"

#include "remote_dram/limits.h"

namespace remote_dram::wire {

const char* MappedRoot::Fault(size_t index_bytes) const {
  if (magic != kMappedMagic) return "the magic number of the index is wrong";
  if (version != mapped_version) return "the index has another version";
  if (incarnation == 0) return "the incarnation is zero";
  if (shards == 0 || shards > kMappedShardsMax) return "the number of shards is impossible";
  if (table_offset % kMappedUnitBytes != 0 || table_stride % kMappedUnitBytes != 0) return "a table is not aligned";
  if (table_stride < sizeof(MappedEntry)) return "a table has no room";
  if (table_offset < sizeof(MappedRoot) + shards * sizeof(MappedShard)) return "the tables overlap the shards";
  if (table_offset > index_bytes || (index_bytes - table_offset) / shards < table_stride) {
    return "the tables do not fit the index";
  }
  return nullptr;
}

const char* MappedBlock::Fault(uint64_t room_bytes) const {
  if (kind() != BlockKind::kValue && kind() != BlockKind::kLink) return "the kind of a block is unknown";
  if (key_bytes() > key_bytes_max) return "the key of a block is over key_bytes_max";
  if (payload_bytes() > room_bytes || key_bytes() > room_bytes - payload_bytes()) {
    return "a block reaches beyond its segment";
  }
  return nullptr;
}

}  // namespace remote_dram::wire
