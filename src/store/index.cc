// Index: hash tables with linear probing, changed in place; readers check a version to notice a change.
#include "store/index.h"

#include <algorithm>
#include <bit>
#include <utility>

#include "base/check.h"
#include "base/planted_fault.h"
#include "store/size_classes.h"

namespace remote_dram::store {
namespace {

uint64_t TableOffset(size_t shards) {
  return PagesFor(sizeof(wire::MappedRoot) + shards * sizeof(wire::MappedShard)) * kPageBytes;
}

// Release order: a reader that sees the written word also sees that the version had become odd before.
void StoreWord(uint64_t& word, uint64_t value) { std::atomic_ref<uint64_t>(word).store(value, std::memory_order_release); }

void Write(wire::MappedEntry& to, uint64_t hash, uint64_t handle) {
  StoreWord(to.hash, hash);
  StoreWord(to.handle, handle);
}

}  // namespace

Result<std::unique_ptr<Index>> Index::Make(const IndexOptions& options) {
  RD_CHECK(options.shards > 0 && options.shards <= wire::kMappedShardsMax);
  // Twice the average, because a hash does not spread keys over the shards perfectly evenly.
  const uint64_t most = std::min(options.keys_max / options.shards * 2, index_entries_max);
  const uint64_t entries = std::max(std::bit_ceil(most), index_entries_min);
  const uint64_t stride = entries * sizeof(wire::MappedEntry);
  auto memory = Segment::Map(TableOffset(options.shards) + options.shards * stride, Sharing::kShared);
  if (!memory.ok()) return memory.status();
  std::unique_ptr<Index> index(new Index(options, stride, *std::move(memory)));
  if (Status opened = index->Open(); !opened.ok()) return opened;
  index->root() = {.shards = static_cast<uint32_t>(options.shards),
                   .incarnation = options.incarnation,
                   .hash_low = options.hash_seed.low,
                   .hash_high = options.hash_seed.high,
                   .table_offset = TableOffset(options.shards),
                   .table_stride = stride};
  auto mark = base::DeathMark::Make(&index->root().owner);
  if (!mark.ok()) return mark.status();
  index->mark_ = *std::move(mark);
  return index;
}

Index::Index(const IndexOptions& options, uint64_t table_stride, std::unique_ptr<Segment> memory)
    : table_stride_(table_stride), memory_(std::move(memory)), states_(options.shards) {}

Status Index::Open() {
  if (Status root = memory_->Reserve(0, TableOffset(states_.size()) / kPageBytes); !root.ok()) return root;
  for (size_t i = 0; i < states_.size(); ++i) {
    if (Status table = Reserve(i, index_entries_min); !table.ok()) return table;
    states_[i].entries = index_entries_min;
    shard(i).entries = index_entries_min;
  }
  return Status();
}

wire::MappedShard& Index::shard(size_t number) const {
  return *reinterpret_cast<wire::MappedShard*>(memory_->base() + sizeof(wire::MappedRoot) +
                                               number * sizeof(wire::MappedShard));
}

wire::MappedEntry* Index::table(size_t shard) const {
  return reinterpret_cast<wire::MappedEntry*>(memory_->base() + TableOffset(states_.size()) + shard * table_stride_);
}

// No page contains parts of two tables: TableOffset and table_stride_ are multiples of the page size.
Status Index::Reserve(size_t shard, uint64_t entries) {
  const uint64_t page = (TableOffset(states_.size()) + shard * table_stride_) / kPageBytes;
  return memory_->Reserve(page, PagesFor(entries * sizeof(wire::MappedEntry)));
}

// The version changes with sequential consistency: see Pins::Look.
Index::Change::Change(Index* index, size_t shard) : index_(index), shard_(shard) {
  if (index_ == nullptr || index_->states_[shard_].closed) return;
  std::atomic_ref<uint64_t>(index_->shard(shard_).version).fetch_add(1);
}

Index::Change::Change(Change&& other) noexcept : index_(std::exchange(other.index_, nullptr)), shard_(other.shard_) {}

Index::Change::~Change() {
  if (index_ == nullptr || index_->states_[shard_].closed) return;
  std::atomic_ref<uint64_t>(index_->shard(shard_).version).fetch_add(1);
}

void Index::Close(size_t shard) {
  if (std::exchange(states_[shard].closed, true)) return;
  std::atomic_ref<uint64_t> version(this->shard(shard).version);
  if (version.load() % 2 == 0) version.fetch_add(1);  // it stays odd for ever
}

void Index::Place(size_t shard, uint64_t hash, uint64_t old, uint64_t handle) {
  if (states_[shard].closed) return;
  if (old != 0) return StoreWord(Find(shard, hash, old)->handle, handle);
  if (!MakeRoom(shard)) return Close(shard);
  Insert(shard, hash, handle);
  ++states_[shard].used;
}

void Index::Insert(size_t shard, uint64_t hash, uint64_t handle) {
  wire::MappedEntry* const entries = table(shard);
  const uint64_t mask = states_[shard].entries - 1;
  uint64_t at = wire::MappedStart(hash, mask + 1);
  while (entries[at].handle != 0) at = (at + 1) & mask;
  Write(entries[at], hash, handle);
}

wire::MappedEntry* Index::Find(size_t shard, uint64_t hash, uint64_t handle) const {
  wire::MappedEntry* const entries = table(shard);
  const uint64_t mask = states_[shard].entries - 1;
  uint64_t at = wire::MappedStart(hash, mask + 1);
  while (entries[at].handle != handle) {
    RD_CHECK(entries[at].handle != 0);
    at = (at + 1) & mask;
  }
  return &entries[at];
}

// Closes the gap: a later entry moves into it if the search for that entry passes the gap.
void Index::Remove(size_t shard, uint64_t hash, uint64_t handle) {
  if (states_[shard].closed) return;
  wire::MappedEntry* const entries = table(shard);
  const uint64_t mask = states_[shard].entries - 1;
  auto gap = static_cast<uint64_t>(Find(shard, hash, handle) - entries);
  for (uint64_t at = (gap + 1) & mask; entries[at].handle != 0; at = (at + 1) & mask) {
    const uint64_t start = wire::MappedStart(entries[at].hash, mask + 1);
    if (((at - start) & mask) < ((at - gap) & mask)) continue;
    Write(entries[gap], entries[at].hash, entries[at].handle);
    gap = at;
  }
  Write(entries[gap], 0, 0);
  --states_[shard].used;
}

// Makes room for one more entry; doubles the table at 3/4. False: the table is full and cannot grow.
bool Index::MakeRoom(size_t shard) {
  State& state = states_[shard];
  const uint64_t used = state.used + 1;
  if (used <= state.entries / 4 * 3) return true;
  const uint64_t doubled = state.entries * 2;
  if (doubled * sizeof(wire::MappedEntry) > table_stride_ || !Reserve(shard, doubled).ok()) {
    return used <= state.entries / 8 * 7;
  }
  wire::MappedEntry* const entries = table(shard);
  const std::vector<wire::MappedEntry> old(entries, entries + state.entries);
  for (uint64_t i = 0; i < state.entries; ++i) Write(entries[i], 0, 0);
  state.entries = doubled;
  StoreWord(this->shard(shard).entries, doubled);
  for (const wire::MappedEntry& each : old) {
    if (each.handle != 0) Insert(shard, each.hash, each.handle);
  }
  return true;
}

}  // namespace remote_dram::store
