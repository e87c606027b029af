// The mapped layout: what a server lets clients on its host read, without a message, from its memory.
//
//   index    MappedRoot · a MappedShard for each shard · from table_offset on, a table of each shard
//   table    a power of two of MappedEntry, found by hash, linear probing; the hash's upper bits begin
//   segment  values; an entry's handle says where one lies, and a MappedBlock right before it what it is
//
// A shard's version is odd while it changes. A handle is checked again after it was pinned; the block behind
// it then does not change until the pin is gone. doc/protocol.md tells the order of steps.
// Memory: written by the server alone, as is the page behind a client's pins (MappedEnd); the pins by the client alone.
// Words that change while they are read are read and written with std::atomic_ref, here and wherever else two processes
// share some: doc/architecture.md lists them all. Everything behind a validated pin is immutable, so plain reads do.
// Threads: pure functions. Failure: Fault() says why no correct server writes this.
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
  uint64_t table_offset = 0;  // of the first shard's table, from the root
  uint64_t table_stride = 0;  // from one shard's table to the next
  uint32_t owner = 0;  // changes: the mark of base/death_mark.h
  uint32_t reserved0 = 0;
  uint64_t sequence = 0;  // changes; drawn while the version of each shard that it changes is odd
  uint64_t reserved1[7]{};
  const char* Fault(size_t index_bytes) const;
};

struct MappedShard {
  uint64_t version = 0;  // changes; odd: look-ups are not to be trusted
  uint64_t entries = 0;  // changes; how many the table has, a power of two
  uint64_t reserved[6]{};
};

struct MappedEntry {
  uint64_t hash = 0;
  uint64_t handle = 0;  // 0: empty
};

// Where the search for a hash begins in a table, from where it goes on to the next entry, around the end.
constexpr uint64_t MappedStart(uint64_t hash, uint64_t entries) { return hash >> 16 & (entries - 1); }

// {segment, where in it}, in one word, so that an entry and a pin can change as one.
inline constexpr uint64_t kMappedUnitBytes = 64;
constexpr uint64_t MappedHandle(uint32_t segment, uint64_t offset) {
  return uint64_t{segment} << 32 | offset / kMappedUnitBytes;
}
constexpr uint32_t HandleSegment(uint64_t handle) { return static_cast<uint32_t>(handle >> 32); }
constexpr uint64_t HandleOffset(uint64_t handle) { return (handle & 0xffffffff) * kMappedUnitBytes; }

enum class BlockKind : uint64_t { kValue = 1, kLink = 2 };

// Right before the payload, which is followed by the key.
struct MappedBlock {
  uint64_t shape = 0;  // bits 0 to 47: bytes of the value; 48 to 60: of the key; 61 to 63: BlockKind
  uint64_t sequence = 0;  // of the write; with the incarnation, the generation

  static constexpr MappedBlock Of(BlockKind kind, uint64_t value_bytes, uint64_t key_bytes) {
    return {static_cast<uint64_t>(kind) << 61 | key_bytes << 48 | value_bytes, 0};
  }
  BlockKind kind() const { return static_cast<BlockKind>(shape >> 61); }
  uint64_t value_bytes() const { return shape & ((uint64_t{1} << 48) - 1); }
  uint64_t key_bytes() const { return shape >> 48 & 0x1fff; }
  uint64_t payload_bytes() const;
  // `room_bytes`: from the payload to the end of the segment.
  const char* Fault(uint64_t room_bytes) const;
};

// The payload of a link: a key whose value lies in another key's block.
struct MappedLink {
  uint64_t handle = 0;   // of a block that is no link
  uint64_t server_own = 0;  // the server's own
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

// Reads a word that the other process may be writing. `const` is no promise of the writer's.
template <typename Word>
Word LoadWord(const Word& word, std::memory_order order) {
  return std::atomic_ref<Word>(const_cast<Word&>(word)).load(order);
}

// A page of pins: this many words, each a handle or 0.
inline constexpr uint32_t mapped_pins_max = 1024;
inline constexpr uint64_t mapped_pin_page_bytes = mapped_pins_max * sizeof(uint64_t);

// Behind it, in a page of its own, what the server says to this client alone.
struct MappedEnd {
  uint64_t ended = 0;  // changes once: 1: the server looks at the pins no more
};
inline constexpr uint64_t mapped_end_page_bytes = 4096;
inline constexpr uint64_t mapped_page_bytes = mapped_pin_page_bytes + mapped_end_page_bytes;

}  // namespace remote_dram::wire

#endif  // REMOTE_DRAM_WIRE_MAPPED_H_
