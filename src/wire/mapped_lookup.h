// MappedIndex: looks keys up in an index that another process writes, while it writes it.
//
// The steps of a look-up, which doc/guarantees.md proves right:
//   1  the shard's version, which must be even
//   2  the entry with the key's hash; if there is none, the key is missing, if step 4 holds
//   3  the pin: the entry's handle, for the server to see
//   4  the entry and the version again: as before, so the block was current, and stays as it is while pinned
//   5  the block is checked, and its key compared
// Memory: a view; the mappings and the word of the pin outlive it. A value found is good while it is pinned and
// the server has not ended the connection that the page of pins belongs to.
// Threads: any; one look-up at a time for one pin.
// Failure: kDoubt: the shard kept changing, or is closed, or what was found makes no sense (trust nothing that
// lies in a mapping): ask the server. kUnmapped: the same, and the segment should be asked for.
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
  uint64_t version = 0;         // kFound: the sequence of the write, half of the generation
  uint64_t sequence = 0;        // kFound and kMissing: the server's at that moment
  uint32_t segment = 0;         // kFound: where the value lies; kUnmapped: what is missing
};

class MappedIndex {
 public:
  static constexpr int attempts_max = 64;
  static constexpr uint64_t probes_max = 4096;

  MappedIndex() = default;
  // Null, or why this is no index.
  static const char* Open(std::string_view bytes, MappedIndex* index);

  uint64_t incarnation() const { return incarnation_; }
  // Whether the server's process has not died, nor given the index up.
  bool ServerLives() const;
  // Leaves the pin set only with kFound.
  MappedFound Find(std::string_view key, const MappedSegments& segments, uint64_t* pin) const;

 private:
  enum class Step { kDone, kAgain };
  Step Attempt(std::string_view key, uint64_t hash, const MappedSegments& segments, uint64_t* pin, MappedFound* found) const;
  static bool Read(std::string_view key, uint64_t handle, const MappedSegments& segments, MappedFound* found);

  const MappedRoot* root_ = nullptr;
  const MappedShard* shards_ = nullptr;
  const char* tables_ = nullptr;
  uint64_t incarnation_ = 0;  // these four were checked and copied: the root may change
  uint64_t shard_count_ = 0;
  uint64_t table_stride_ = 0;
  base::HashSeed seed_;
};

// Whoever reads a pinned value no longer does.
inline void ClearPin(uint64_t* pin) { std::atomic_ref<uint64_t>(*pin).store(0, std::memory_order_release); }

}  // namespace remote_dram::wire

#endif  // REMOTE_DRAM_WIRE_MAPPED_LOOKUP_H_
