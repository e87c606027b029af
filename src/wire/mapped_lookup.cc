// MappedIndex: the steps of a look-up.
#include "wire/mapped_lookup.h"

#include <bit>
#include <chrono>
#include <cstring>
#include <thread>

#include "base/death_mark.h"
#include "base/planted_fault.h"

namespace remote_dram::wire {

const char* MappedIndex::Open(std::string_view bytes, MappedIndex* index) {
  MappedRoot root;
  std::string_view rest = bytes;
  if (const char* fault = Take(&rest, &root)) return fault;
  if (const char* fault = root.Fault(bytes.size())) return fault;
  index->root_ = reinterpret_cast<const MappedRoot*>(bytes.data());
  index->shards_ = reinterpret_cast<const MappedShard*>(bytes.data() + sizeof root);
  index->tables_ = bytes.data() + root.table_offset;
  index->incarnation_ = root.incarnation;
  index->shard_count_ = root.shards;
  index->table_stride_ = root.table_stride;
  index->seed_ = {root.hash_low, root.hash_high};
  return nullptr;
}

bool MappedIndex::ServerLives() const { return base::DeathMark::LivesIn(LoadWord(root_->owner, std::memory_order_acquire)); }

MappedFound MappedIndex::Find(std::string_view key, const MappedSegments& segments, uint64_t* pin) const {
  const uint64_t hash = base::KeyHash(seed_, key);
  MappedFound found;
  for (int attempt = 0; attempt < attempts_max; ++attempt) {
    if (Attempt(hash, segments, pin, &found) == Step::kDone) break;
    found.state = MappedFound::State::kDoubt;
  }
  if (found.state != MappedFound::State::kFound) ClearPin(pin);
  return found;
}

MappedIndex::Step MappedIndex::Attempt(uint64_t hash, const MappedSegments& segments, uint64_t* pin, MappedFound* found) const {
  using State = MappedFound::State;
  const MappedShard& shard = shards_[hash % shard_count_];
  const uint64_t version = LoadWord(shard.version, std::memory_order_seq_cst);
  if (version % 2 != 0 && !base::Planted(base::PlantedFault::kShardVersionIgnored)) return Step::kAgain;
  const uint64_t entries = LoadWord(shard.entries, std::memory_order_acquire);
  if (!std::has_single_bit(entries) || entries > table_stride_ / sizeof(MappedEntry)) return Step::kAgain;
  const auto* const table = reinterpret_cast<const MappedEntry*>(tables_ + hash % shard_count_ * table_stride_);
  found->sequence = LoadWord(root_->sequence, std::memory_order_acquire);
  const auto unchanged = [&shard, version] {
    return LoadWord(shard.version, std::memory_order_seq_cst) == version || base::Planted(base::PlantedFault::kShardVersionIgnored);
  };
  uint64_t at = MappedStart(hash, entries);
  for (uint64_t probe = 0; probe < probes_max; ++probe, at = (at + 1) & (entries - 1)) {
    const uint64_t handle = LoadWord(table[at].handle, std::memory_order_acquire);
    if (handle == 0) {
      found->state = State::kMissing;
      return unchanged() ? Step::kDone : Step::kAgain;
    }
    if (LoadWord(table[at].hash, std::memory_order_acquire) != hash) continue;
    // The store of the pin is sequentially consistent, as are the loads of the version before and after it. So if the
    // server changes the version after the second load, its later scan of the pins sees this pin; if it changes the version
    // before, the second load sees that.
    std::atomic_ref<uint64_t> pinned(*pin);
    if (!base::Planted(base::PlantedFault::kPinnedTooLate)) pinned.store(handle);
    if (LoadWord(table[at].handle, std::memory_order_acquire) != handle || !unchanged()) return Step::kAgain;
    if (base::Planted(base::PlantedFault::kPinnedTooLate)) {
      std::this_thread::sleep_for(std::chrono::microseconds(50));  // long enough for tests to detect the fault
      pinned.store(handle);
    }
    Read(handle, segments, found);
    return Step::kDone;
  }
  return Step::kAgain;
}

void MappedIndex::Read(uint64_t handle, const MappedSegments& segments, MappedFound* found) {
  using State = MappedFound::State;
  // Reads the header of the block at a handle that may point anywhere; `rest` is the segment from the payload on.
  const auto open = [&segments, found](uint64_t to, MappedBlock* block, std::string_view* rest) {
    found->segment = HandleSegment(to);
    const std::string_view bytes = segments.Bytes(found->segment);
    const uint64_t offset = HandleOffset(to);
    found->state = bytes.empty() ? State::kUnmapped : State::kDoubt;
    if (offset < sizeof *block || offset > bytes.size()) return false;
    std::memcpy(block, bytes.data() + offset - sizeof *block, sizeof *block);
    *rest = bytes.substr(offset);
    return block->Fault(rest->size()) == nullptr;
  };
  MappedBlock block;
  std::string_view rest;
  if (!open(handle, &block, &rest)) return;
  found->key = rest.substr(block.payload_bytes(), block.key_bytes());
  __builtin_prefetch(found->key.data());
  found->version = block.sequence;
  if (block.kind() == BlockKind::kLink) {
    MappedLink link;
    Take(&rest, &link);
    const uint64_t value_bytes = block.value_bytes();
    if (!open(link.handle, &block, &rest)) return;
    found->state = State::kDoubt;
    if (block.kind() != BlockKind::kValue || block.value_bytes() != value_bytes) return;
  }
  found->value = rest.substr(0, block.value_bytes());
  found->state = State::kFound;
}

}  // namespace remote_dram::wire
