// MappedIndex: looks up keys in an index of another process, while that process may be changing it.
//
// The steps of a look-up; doc/guarantees.md proves that they suffice:
//   1  read the shard's version, which must be even
//   2  find the entry with the key's hash; if there is none, the key is missing, provided that the version is unchanged
//   3  write the entry's handle into the pin, where the server sees it
//   4  read entry and version again: if both are unchanged, the block was current, and does not change while pinned
//   5  check the block
//   6  compare its key: left to the caller, who may use the value meanwhile
// Memory: a view; the mappings and the word of the pin must outlive it. A found value is valid while it is pinned and
// the server has not ended the connection that the page of pins belongs to.
// Threads: any; one look-up at a time for one pin.
// Failure: kDoubt: the shard kept changing, or is closed, or the memory has content that no correct server writes (nothing
// in a mapping is trusted); ask the server by message. kUnmapped: the same, and the client should request the segment.
// Limits: attempts_max, probes_max.
#ifndef REMOTE_DRAM_WIRE_MAPPED_LOOKUP_H_
#define REMOTE_DRAM_WIRE_MAPPED_LOOKUP_H_

#include <cstdint>
#include <string_view>

#include "base/key_hash.h"
#include "wire/mapped.h"

namespace remote_dram::wire {

// The segments that this process has mapped.
class MappedSegments {
 public:
  virtual std::string_view Bytes(uint32_t segment) const = 0;  // empty: not mapped

 protected:
  ~MappedSegments() = default;
};

struct MappedFound {
  enum class State { kFound, kMissing, kDoubt, kUnmapped };
  State state = State::kDoubt;
  std::string_view value;       // kFound: pinned until the pin is cleared
  // kFound: of the block, pinned like the value. Only its hash has been compared. The caller must compare it before it
  // answers, and ask by message if it is another; it may copy the value first, while the key is fetched into the cache.
  std::string_view key;
  uint64_t version = 0;         // kFound: the sequence of the write, half of the generation
  uint64_t sequence = 0;        // kFound and kMissing: the server's sequence at the moment of the look-up
  uint32_t segment = 0;         // kFound: the one that holds the value; kUnmapped: the one that is not mapped
};

class MappedIndex {
 public:
  static constexpr int attempts_max = 64;
  static constexpr uint64_t probes_max = 4096;

  MappedIndex() = default;
  // Returns null, or why `bytes` is not a valid index.
  static const char* Open(std::string_view bytes, MappedIndex* index);

  uint64_t incarnation() const { return incarnation_; }
  // False if the server's process has died, or has given up the index.
  bool ServerLives() const;
  // The pin remains set only if the result is kFound.
  MappedFound Find(std::string_view key, const MappedSegments& segments, uint64_t* pin) const;

 private:
  enum class Step { kDone, kAgain };
  Step Attempt(uint64_t hash, const MappedSegments& segments, uint64_t* pin, MappedFound* found) const;
  static void Read(uint64_t handle, const MappedSegments& segments, MappedFound* found);

  const MappedRoot* root_ = nullptr;
  const MappedShard* shards_ = nullptr;
  const char* tables_ = nullptr;
  uint64_t incarnation_ = 0;  // this and the next three are copies that Open checked: the root itself may change later
  uint64_t shard_count_ = 0;
  uint64_t table_stride_ = 0;
  base::HashSeed seed_;
};

// Call it when the pinned value is no longer being read: the server may reuse the block from then on.
inline void ClearPin(uint64_t* pin) { std::atomic_ref<uint64_t>(*pin).store(0, std::memory_order_release); }

}  // namespace remote_dram::wire

#endif  // REMOTE_DRAM_WIRE_MAPPED_LOOKUP_H_
