// Block: the bytes of one value in the arena, and the two handles on it: PrivateBlock, which may still write
// and has no reader, and BlockRef, one of any number of readers.
//
// A block has a header of 32 bytes right before its payload, which starts at a multiple of 64.
// Memory: a handle keeps its block; the last one gives it back to the arena, which must outlive them all.
// A copy of a BlockRef costs one atomic addition.
// Threads: the bytes under a BlockRef never change, so any thread may read them. One handle is a plain value.
// Failure: none here; Arena::Allocate makes blocks.
#ifndef REMOTE_DRAM_STORE_BLOCK_H_
#define REMOTE_DRAM_STORE_BLOCK_H_

#include <atomic>
#include <cstdint>
#include <string_view>
#include <utility>

#include "remote_dram/value.h"

namespace remote_dram::store {

class Run;

struct BlockHeader {
  explicit BlockHeader(Run& home) : run(&home) {}
  char* payload() { return reinterpret_cast<char*>(this + 1); }

  std::atomic<uint32_t> references{0};
  uint32_t reserved = 0;
  uint64_t bytes = 0;  // of the value; the room behind it may be larger
  Run* run;            // the run of pages that it is a part of
  BlockHeader* next_free = nullptr;  // only while the block is free
};
inline constexpr uint64_t kBlockHeaderBytes = sizeof(BlockHeader);
static_assert(kBlockHeaderBytes == 32);

// Where a payload lies, in terms that hold in every process which maps the segment.
struct BlockAddress {
  uint32_t segment = 0;
  uint64_t offset = 0;
  friend bool operator==(const BlockAddress&, const BlockAddress&) = default;
};

void ReturnToArena(BlockHeader* block);

class BlockRef {
 public:
  BlockRef() = default;  // no block
  BlockRef(const BlockRef& other) noexcept : block_(other.block_) {
    if (block_ != nullptr) block_->references.fetch_add(1, std::memory_order_relaxed);
  }
  BlockRef(BlockRef&& other) noexcept : block_(std::exchange(other.block_, nullptr)) {}
  BlockRef& operator=(BlockRef other) noexcept {
    std::swap(block_, other.block_);
    return *this;
  }
  ~BlockRef() {
    // Release what this thread read, acquire what the others did, before the memory is used again.
    if (block_ != nullptr && block_->references.fetch_sub(1, std::memory_order_acq_rel) == 1) {
      ReturnToArena(block_);
    }
  }

  explicit operator bool() const { return block_ != nullptr; }
  const char* data() const { return block_->payload(); }
  uint64_t size() const { return block_->bytes; }
  std::string_view bytes() const { return {data(), size()}; }
  BlockAddress address() const;

 private:
  friend class PrivateBlock;
  explicit BlockRef(BlockHeader* adopted) : block_(adopted) {}

  BlockHeader* block_ = nullptr;
};

class PrivateBlock {
 public:
  PrivateBlock(PrivateBlock&&) = default;
  PrivateBlock& operator=(PrivateBlock&&) = default;

  MutableBytes bytes() { return {sole_.block_->payload(), sole_.block_->bytes}; }
  // From now on nobody writes: readers may come.
  BlockRef Seal() && { return std::move(sole_); }

 private:
  friend class Arena;
  explicit PrivateBlock(BlockHeader* adopted) : sole_(adopted) {}

  BlockRef sole_;
};

}  // namespace remote_dram::store

#endif  // REMOTE_DRAM_STORE_BLOCK_H_
