// Run: Take uses the free list first, then the blocks that were never taken.
#include "store/run.h"

#include <algorithm>
#include <new>

#include "base/check.h"
#include "store/size_classes.h"

namespace remote_dram::store {
namespace {

// Large enough that the Run object, and the unused rest of its last page, matter little.
constexpr uint64_t kRunBytesMin = uint64_t{64} << 10;
constexpr uint64_t kRunBlocksMin = 8;

}  // namespace

uint64_t Run::PagesOf(int size_class) {
  const uint64_t stride = ClassStride(size_class);
  return PagesFor(std::max(kUnitBytes + kRunBlocksMin * stride, kRunBytesMin));
}

Run::Run(Arena& arena, Extent extent, char* base, std::optional<int> size_class, uint64_t bytes)
    : arena_(arena),
      extent_(extent),
      base_(base),
      first_header_at_(FirstPayloadAt(bytes) - kBlockHeaderBytes),
      size_class_(size_class),
      stride_(size_class ? ClassStride(*size_class) : extent.pages * kPageBytes),
      blocks_(size_class ? (extent.pages * kPageBytes - first_header_at_) / stride_ : 1) {}

BlockHeader* Run::Take() {
  RD_CHECK(!full());
  ++taken_;
  if (free_ != nullptr) {
    BlockHeader* const block = free_;
    free_ = block->next_free;
    block->self = {};
    block->state = BlockHeader::State::kPrivate;
    return block;
  }
  auto* const block = new (base_ + first_header_at_ + untouched_from_++ * stride_) BlockHeader(*this);
  block->state = BlockHeader::State::kPrivate;
  return block;
}

void Run::Give(BlockHeader* block) {
  RD_CHECK(block->run == this && block->state != BlockHeader::State::kFree && !empty());
  --taken_;
  block->state = BlockHeader::State::kFree;
  block->next_free = free_;
  free_ = block;
}

Extent Run::Shorten(uint64_t pages) {
  RD_CHECK(!size_class_ && pages > 0 && pages <= extent_.pages);
  const Extent rest{extent_.segment, extent_.page + pages, extent_.pages - pages};
  extent_.pages = pages;
  stride_ = pages * kPageBytes;
  return rest;
}

BlockAddress Run::AddressOf(const char* payload) const {
  return {extent_.segment, extent_.page * kPageBytes + static_cast<uint64_t>(payload - base_)};
}

}  // namespace remote_dram::store
