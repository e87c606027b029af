// Block: one value and its key in the arena, and the two kinds of handle on it: PrivateBlock, whose owner may still
// write and which has no readers, and BlockRef, which any number of readers may have.
//
// A block has a header of 32 bytes right before its payload, which starts at a multiple of 64; the key follows
// the payload. Clients that map the arena read the second half of the header (wire/mapped.h). A link is a block
// whose value lies in another block, its target; the link keeps its target alive.
// Memory: a handle keeps its block alive; the last handle returns it to the arena, which must outlive all handles.
// Copying a BlockRef costs one atomic addition.
// Threads: the bytes under a BlockRef never change, so any thread may read them. A single handle is not thread-safe.
// Failure: none here; Arena::Allocate makes blocks.
#ifndef REMOTE_DRAM_STORE_BLOCK_H_
#define REMOTE_DRAM_STORE_BLOCK_H_

#include <atomic>
#include <cstdint>
#include <string_view>
#include <utility>

#include "remote_dram/value.h"
#include "wire/mapped.h"

namespace remote_dram::store {

class Run;

struct BlockHeader {
  // kShared: the block is or was in the index, so a client may have pinned it.
  enum class State : uint32_t { kFree, kPrivate, kShared };

  explicit BlockHeader(Run& home) : run(&home) {}
  char* payload() { return reinterpret_cast<char*>(this + 1); }
  const char* payload() const { return reinterpret_cast<const char*>(this + 1); }
  std::string_view key() const { return {payload() + self.payload_bytes(), self.key_bytes()}; }
  bool is_link() const { return self.kind() == wire::BlockKind::kLink; }
  BlockHeader* target() {  // of a link
    return reinterpret_cast<BlockHeader*>(reinterpret_cast<wire::MappedLink*>(payload())->server_own);
  }

  Run* run;  // that contains the block
  std::atomic<uint32_t> references{0};
  State state = State::kFree;
  union {
    wire::MappedBlock self{};
    BlockHeader* next_free;  // only while the block is free
  };
};
inline constexpr uint64_t kBlockHeaderBytes = sizeof(BlockHeader);
static_assert(kBlockHeaderBytes == 32);

// What a key costs besides its block, counted with every block: 48 for a node of its shard's table (40 bytes and malloc's
// overhead), and 32 for the index (an entry of 16 bytes, in a table that is 3/8 to 3/4 full). store_test.cc measures it.
inline constexpr uint64_t kEntryBytes = 48 + 32;

// Where a payload lies: as segment and offset, which are valid in every process that maps the segment.
struct BlockAddress {
  uint32_t segment = 0;
  uint64_t offset = 0;
  uint64_t handle() const { return wire::MappedHandle(segment, offset); }
  friend bool operator==(const BlockAddress&, const BlockAddress&) = default;
};

void ReturnToArena(BlockHeader* block);

class BlockRef {
 public:
  BlockRef() = default;  // refers to no block
  // One more handle on a block that has some, at least until this returns.
  static BlockRef To(BlockHeader* block) {
    block->references.fetch_add(1, std::memory_order_relaxed);
    return BlockRef(block);
  }
  BlockRef(const BlockRef& other) noexcept : block_(other.block_) {
    if (block_ != nullptr) block_->references.fetch_add(1, std::memory_order_relaxed);
  }
  BlockRef(BlockRef&& other) noexcept : block_(std::exchange(other.block_, nullptr)) {}
  BlockRef& operator=(BlockRef other) noexcept {
    std::swap(block_, other.block_);
    return *this;
  }
  ~BlockRef() {
    // acq_rel: every thread's reads of the block happen before its memory is reused.
    if (block_ != nullptr && block_->references.fetch_sub(1, std::memory_order_acq_rel) == 1) {
      ReturnToArena(block_);
    }
  }

  explicit operator bool() const { return block_ != nullptr; }
  const char* data() const { return holder()->payload(); }
  uint64_t size() const { return block_->self.value_bytes(); }
  std::string_view bytes() const { return {data(), size()}; }
  std::string_view key() const { return block_->key(); }
  uint64_t sequence() const { return block_->self.sequence; }
  BlockAddress address() const;  // of the block itself, not of a link's target

  // A handle on the block that contains the value: for a link its target, otherwise the block itself.
  BlockRef Holder() const { return To(holder()); }
  BlockHeader* header() const { return block_; }

  // Sets the sequence of the write that made the block. Call it once, before other threads can see the block.
  void Stamp(uint64_t sequence) {
    block_->self.sequence = sequence;
    block_->state = BlockHeader::State::kShared;
  }

 private:
  friend class PrivateBlock;
  friend class Arena;
  explicit BlockRef(BlockHeader* adopted) : block_(adopted) {}
  BlockHeader* holder() const { return block_->is_link() ? block_->target() : block_; }

  BlockHeader* block_ = nullptr;
};

class PrivateBlock {
 public:
  PrivateBlock(PrivateBlock&&) = default;
  PrivateBlock& operator=(PrivateBlock&&) = default;

  MutableBytes bytes() { return {sole_.block_->payload(), sole_.size()}; }
  uint64_t value_bytes() const { return sole_.size(); }
  std::string_view key() const { return sole_.key(); }
  // Ends writing: from now on there may be readers.
  BlockRef Seal() && { return std::move(sole_); }

 private:
  friend class Arena;
  explicit PrivateBlock(BlockHeader* adopted) : sole_(adopted) {}

  BlockRef sole_;
};

}  // namespace remote_dram::store

#endif  // REMOTE_DRAM_STORE_BLOCK_H_
