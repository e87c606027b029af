// The mapped layout: the memory of a server that clients on its host map and read without sending a message.
//
//   index    MappedRoot · a MappedShard for each shard · from table_offset on, a table of each shard
//   table    a power of two of MappedEntry; linear probing, from the entry that the hash without its low 16 bits selects
//   segment  values; the handle of an entry locates one, and the MappedBlock right before it describes it
//
// A shard's version is odd while the server changes the shard. A client pins the handle of a block, then checks that the
// entry still has this handle; from then on the block does not change until the pin is cleared. doc/protocol.md lists the
// steps in order.
// Memory: only the server writes it, as well as the page after a client's pins (MappedEnd); only the client writes its pins.
// Words that one process may change while another reads them are accessed with std::atomic_ref, here and wherever else two
// processes share memory; doc/architecture.md lists them all. A block with a validated pin is immutable, so plain reads
// suffice.
// Threads: pure functions. Failure: Fault() returns what is wrong, or null if a correct server could have written this.
// Limits: kMappedShardsMax, and those of keys and values.
#ifndef REMOTE_DRAM_WIRE_MAPPED_H_
#define REMOTE_DRAM_WIRE_MAPPED_H_

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "wire/codec.h"

namespace remote_dram::wire {

inline constexpr uint64_t kMappedMagic = 0x50414d4d41524452;  // "RDRAMMAP" in memory order
inline constexpr uint32_t mapped_version = 1;
inline constexpr uint32_t kMappedShardsMax = 1024;

struct MappedRoot {
  uint64_t magic = kMappedMagic;
  uint32_t version = mapped_version;
  uint32_t shards = 0;
  uint64_t incarnation = 0;
  uint64_t hash_low = 0;  // the seed of base::KeyHash
  uint64_t hash_high = 0;
  uint64_t table_offset = 0;  // of the first shard's table, from the start of the root
  uint64_t table_stride = 0;  // from one shard's table to the next
  uint32_t owner = 0;  // may change at any time: whether the server is alive, see base/death_mark.h
  uint32_t reserved0 = 0;
  uint64_t sequence = 0;  // may change at any time; a mutation draws its number while the version of each shard it changes is odd
  uint64_t reserved1[7]{};
  const char* Fault(size_t index_bytes) const;
};

struct MappedShard {
  uint64_t version = 0;  // may change at any time; odd: the result of a look-up must be discarded
  uint64_t entries = 0;  // may change at any time; number of entries of the table, a power of two
  uint64_t reserved[6]{};
};

struct MappedEntry {
  uint64_t hash = 0;
  uint64_t handle = 0;  // 0: the entry is empty
};

// The entry at which the search for a hash begins. It continues with the next entry, and wraps around at the end.
constexpr uint64_t MappedStart(uint64_t hash, uint64_t entries) { return hash >> 16 & (entries - 1); }

// A handle is {segment, offset in it / kMappedUnitBytes} in one word, so that an entry or a pin changes atomically.
inline constexpr uint64_t kMappedUnitBytes = 64;
constexpr uint64_t MappedHandle(uint32_t segment, uint64_t offset) {
  return uint64_t{segment} << 32 | offset / kMappedUnitBytes;
}
constexpr uint32_t HandleSegment(uint64_t handle) { return static_cast<uint32_t>(handle >> 32); }
constexpr uint64_t HandleOffset(uint64_t handle) { return (handle & 0xffffffff) * kMappedUnitBytes; }

enum class BlockKind : uint64_t { kValue = 1, kLink = 2 };

// The header of a block, right before its payload; the key follows the payload.
struct MappedBlock {
  uint64_t shape = 0;  // bits 0 to 47: size of the value; 48 to 60: size of the key; 61 to 63: BlockKind
  uint64_t sequence = 0;  // of the write; together with the incarnation it is the generation

  static constexpr MappedBlock Of(BlockKind kind, uint64_t value_bytes, uint64_t key_bytes) {
    return {static_cast<uint64_t>(kind) << 61 | key_bytes << 48 | value_bytes, 0};
  }
  BlockKind kind() const { return static_cast<BlockKind>(shape >> 61); }
  uint64_t value_bytes() const { return shape & ((uint64_t{1} << 48) - 1); }
  uint64_t key_bytes() const { return shape >> 48 & 0x1fff; }
  uint64_t payload_bytes() const;
  // `room_bytes`: from the start of the payload to the end of the segment.
  const char* Fault(uint64_t room_bytes) const;
};

// The payload of a link block, for a key whose value lies in the block of another key.
struct MappedLink {
  uint64_t handle = 0;   // of that block, which is not itself a link
  uint64_t server_own = 0;  // private to the server
};

inline uint64_t MappedBlock::payload_bytes() const {
  return kind() == BlockKind::kLink ? sizeof(MappedLink) : value_bytes();
}

static_assert(sizeof(MappedRoot) == 128 && offsetof(MappedRoot, sequence) == 64);
static_assert(sizeof(MappedShard) == 64);
static_assert(sizeof(MappedEntry) == 16);
static_assert(sizeof(MappedBlock) == 16);
static_assert(sizeof(MappedLink) == 16);
static_assert(std::atomic_ref<uint64_t>::is_always_lock_free, "two processes share these words");

// Reads a word that the other process may be writing. `const` means only that this process does not write it.
template <typename Word>
Word LoadWord(const Word& word, std::memory_order order) {
  return std::atomic_ref<Word>(const_cast<Word&>(word)).load(order);
}

// The page of pins has mapped_pins_max words, each a handle or 0.
inline constexpr uint32_t mapped_pins_max = 1024;
inline constexpr uint64_t mapped_pin_page_bytes = mapped_pins_max * sizeof(uint64_t);

// Follows the page of pins, in a page of its own, which only the server writes.
struct MappedEnd {
  uint64_t ended = 0;  // changes once, to 1: from then on the server no longer honours the pins
};
inline constexpr uint64_t mapped_end_page_bytes = 4096;
inline constexpr uint64_t mapped_page_bytes = mapped_pin_page_bytes + mapped_end_page_bytes;

}  // namespace remote_dram::wire

#endif  // REMOTE_DRAM_WIRE_MAPPED_H_
