// Arena: addresses, reuse, segments that are mapped and unmapped, and random use from several threads.
#include "store/arena.h"

#include <gtest/gtest.h>

#include <cstring>
#include <random>
#include <thread>
#include <vector>

namespace remote_dram::store {
namespace {

constexpr uint64_t kNoLimit = UINT64_MAX;

BlockRef Untouched(Arena& arena, uint64_t bytes) {
  Result<PrivateBlock> block = arena.Allocate(bytes);
  EXPECT_TRUE(block.ok()) << block.status().ToString();
  return (*std::move(block)).Seal();
}

BlockRef Filled(Arena& arena, uint64_t bytes, char c) {
  Result<PrivateBlock> block = arena.Allocate(bytes);
  EXPECT_TRUE(block.ok()) << block.status().ToString();
  EXPECT_EQ(block->bytes().size, bytes);
  std::memset(block->bytes().data, c, bytes);
  return (*std::move(block)).Seal();
}

TEST(Arena, AlignsEveryPayloadAndKeepsBlocksApart) {
  Arena arena(kNoLimit);
  std::vector<BlockRef> blocks;
  for (uint64_t bytes : {0, 1, 32, 33, 64, 100, 4096, 32768, 32800, 32801, 65536, 1 << 20}) {
    for (int i = 0; i < 20; ++i) blocks.push_back(Filled(arena, bytes, static_cast<char>(blocks.size())));
  }
  for (size_t i = 0; i < blocks.size(); ++i) {
    EXPECT_EQ(reinterpret_cast<uintptr_t>(blocks[i].data()) % kValueAlignment, 0u);
    EXPECT_EQ(blocks[i].bytes(), std::string(blocks[i].size(), static_cast<char>(i)));
  }
}

TEST(Arena, AddressesABlockByItsSegmentAndTheOffsetInIt) {
  Arena arena(kNoLimit);
  const BlockRef first = Filled(arena, 10, 'a');
  EXPECT_EQ(first.address(), (BlockAddress{0, kValueAlignment}));
  const BlockRef large = Filled(arena, 1 << 20, 'b');
  EXPECT_EQ(large.address().segment, 0u);
  EXPECT_EQ(large.data() - first.data(),
            static_cast<int64_t>(large.address().offset - first.address().offset));
  const BlockRef own = Untouched(arena, kSegmentBytes);
  EXPECT_EQ(own.address(), (BlockAddress{1, FirstPayloadAt(kSegmentBytes)}));
}

TEST(Arena, KeepsABlockUntilItsLastHandleIsGone) {
  Arena arena(kNoLimit);
  BlockRef a = Filled(arena, 100, 'x');
  BlockRef b = a;
  BlockRef c = std::move(a);
  EXPECT_FALSE(a);
  b = BlockRef();
  EXPECT_EQ(c.bytes(), std::string(100, 'x'));
  EXPECT_EQ(arena.budget().used_bytes(), StrideOf(100) + kEntryBytes);
  BlockRef& alias = c;
  c = alias;
  EXPECT_EQ(arena.budget().used_bytes(), StrideOf(100) + kEntryBytes);
  c = BlockRef();
  EXPECT_EQ(arena.budget().used_bytes(), 0u);
  EXPECT_EQ(arena.usage().runs, 0u);
}

TEST(Arena, TakesBackAPrivateBlockThatNobodySealed) {
  Arena arena(kNoLimit);
  ASSERT_TRUE(arena.Allocate(5000).ok());
  EXPECT_EQ(arena.budget().used_bytes(), 0u);
  EXPECT_EQ(arena.usage().runs, 0u);
}

TEST(Arena, GivesBackThePagesThatAShorterValueDoesNotNeed) {
  constexpr uint64_t mib = 1 << 20;
  Arena arena(kNoLimit);
  Result<PrivateBlock> block = arena.Allocate(60 * mib, "key");
  ASSERT_TRUE(block.ok());
  std::memset(block->bytes().data, 'a', mib);
  const char* const where = block->bytes().data;
  ASSERT_TRUE(arena.Shorten(*block, mib));
  EXPECT_EQ(block->bytes().data, where);
  EXPECT_EQ(block->key(), "key");
  EXPECT_EQ(arena.budget().used_bytes(), StrideOf(mib + 3) + kEntryBytes);
  {
    const BlockRef shorter = std::move(*block).Seal();
    const BlockRef other = Filled(arena, 60 * mib, 'b');
    EXPECT_EQ(other.address().segment, shorter.address().segment);
    EXPECT_EQ(shorter.bytes(), std::string(mib, 'a'));
    EXPECT_EQ(shorter.key(), "key");
  }
  EXPECT_EQ(arena.budget().used_bytes(), 0u);
  EXPECT_EQ(Untouched(arena, kSegmentBytes - kPageBytes).address().segment, 0u) << "all pages are free again";
}

TEST(Arena, DoesNotShortenAValueToOneThatWouldLieElsewhere) {
  Arena arena(kNoLimit);
  Result<PrivateBlock> block = arena.Allocate(1 << 20, "key");
  ASSERT_TRUE(block.ok());
  EXPECT_FALSE(arena.Shorten(*block, kQuarterPageBytesMin - 1));
  EXPECT_EQ(block->bytes().size, uint64_t{1} << 20);
  EXPECT_EQ(block->key(), "key");
}

TEST(Arena, DoesNotKeepALargeSegmentForAShortValue) {
  constexpr uint64_t mib = 1 << 20;
  static_assert(100 * mib > kSegmentBytes);
  Arena arena(kNoLimit);
  Result<PrivateBlock> block = arena.Allocate(100 * mib, "key");
  ASSERT_TRUE(block.ok());
  EXPECT_FALSE(arena.Shorten(*block, 40 * mib));
  EXPECT_TRUE(arena.Shorten(*block, 60 * mib));
}

TEST(Arena, UsesTheLowestFreeBlockAgain) {
  Arena arena(kNoLimit);
  std::vector<BlockRef> blocks;
  for (int i = 0; i < 5000; ++i) blocks.push_back(Filled(arena, 64, 'x'));
  const BlockAddress address = blocks[17].address();
  blocks[4000] = BlockRef();
  blocks[17] = BlockRef();
  EXPECT_EQ(Filled(arena, 60, 'y').address(), address);
}

TEST(Arena, KeepsSomeEmptySegmentsAndGivesTheOthersBack) {
  Arena arena(4 * kSegmentBytes * kept_share);
  std::vector<BlockRef> usual, large;
  for (int i = 0; i < 10; ++i) usual.push_back(Untouched(arena, 30 << 20));
  EXPECT_EQ(arena.usage().segments, 5u);
  for (int i = 0; i < 2; ++i) large.push_back(Untouched(arena, 100 << 20));  // each in a segment of its own size
  EXPECT_EQ(arena.usage().mapped_bytes, 5 * kSegmentBytes + 2 * StrideOf(100 << 20));
  usual.clear();
  EXPECT_EQ(arena.usage().mapped_bytes, 4 * kSegmentBytes + 2 * StrideOf(100 << 20));
  usual.push_back(Untouched(arena, 64 << 20));
  usual.push_back(Filled(arena, 1, 'x'));
  EXPECT_EQ(arena.usage().segments, 6u);
}

TEST(Arena, GivesBackWhatWasEmptiedFirst) {
  Arena arena(4 * kSegmentBytes * kept_share);
  std::vector<BlockRef> usual, large;
  for (int i = 0; i < 4; ++i) usual.push_back(Untouched(arena, 64 << 20));
  for (int i = 0; i < 2; ++i) large.push_back(Untouched(arena, 100 << 20));
  usual.clear();
  large.clear();  // the two large segments are kept; with them no other fits the limit
  EXPECT_EQ(arena.usage().mapped_bytes, 2 * StrideOf(100 << 20));
}

TEST(Arena, PacksValuesWhoseSizesArePowersOfTwo) {
  for (uint64_t bytes = uint64_t{1} << 20; bytes <= uint64_t{1} << 26; bytes *= 2) {
    Arena arena(kNoLimit);
    std::vector<BlockRef> blocks;
    for (uint64_t sum = 0; sum < uint64_t{1} << 26; sum += bytes) blocks.push_back(Untouched(arena, bytes));
    EXPECT_EQ(arena.usage().segments, 1u) << bytes;
  }
}

TEST(Arena, TakesAKeptSegmentForTheNextLargeValue) {
  Arena arena(kNoLimit);
  for (int i = 0; i < 2; ++i) {
    std::vector<BlockRef> blocks;
    for (int k = 0; k < 2; ++k) blocks.push_back(Untouched(arena, 100 << 20));
    EXPECT_EQ(arena.usage().mapped_bytes, 2 * StrideOf(100 << 20));
  }
  EXPECT_EQ(arena.usage().mapped_bytes, 2 * StrideOf(100 << 20));
}

TEST(Arena, KeepsOfEmptySegmentsOnlyWhatFits) {
  Arena unlimited(kNoLimit), small(400 << 20);
  Untouched(unlimited, kept_bytes_max);
  EXPECT_EQ(unlimited.usage().mapped_bytes, 0u);
  Untouched(small, (400 << 20) / kept_share);
  EXPECT_EQ(small.usage().mapped_bytes, 0u);
  Untouched(small, 70 << 20);
  EXPECT_EQ(small.usage().mapped_bytes, StrideOf(70 << 20));
  const BlockRef most = Untouched(small, 250 << 20);
  Untouched(small, 75 << 20);
  EXPECT_EQ(small.usage().mapped_bytes, StrideOf(250 << 20) + StrideOf(70 << 20));
}

TEST(Arena, TouchesTheNextSegmentAheadOnceOneIsFull) {
  Arena arena(8 * kSegmentBytes * kept_share, Sharing::kShared);
  std::vector<BlockRef> blocks;
  blocks.push_back(Untouched(arena, 64 << 20));
  blocks.push_back(Untouched(arena, 64 << 20));
  while (arena.usage().segments_touched_ahead == 0) std::this_thread::yield();
  EXPECT_EQ(arena.usage().segments, 3u);
  blocks.push_back(Untouched(arena, 64 << 20));
  EXPECT_EQ(blocks.back().address(), (BlockAddress{2, FirstPayloadAt(64 << 20)}));
}

TEST(Arena, TouchesNothingAheadOfSmallValues) {
  Arena arena(8 * kSegmentBytes * kept_share, Sharing::kShared);
  std::vector<BlockRef> blocks;
  while (arena.usage().segments < 3) blocks.push_back(Untouched(arena, 4000));
  EXPECT_EQ(arena.usage().segments_touched_ahead, 0u);
  const BlockRef large = Untouched(arena, 2 * kSegmentBytes), next = Untouched(arena, 2 * kSegmentBytes);
  while (arena.usage().segments_touched_ahead == 0) std::this_thread::yield();
}

TEST(Arena, TouchesNothingAheadThatTheBudgetDoesNotHave) {
  Arena arena(2 * kSegmentBytes, Sharing::kShared);
  std::vector<BlockRef> blocks;
  for (int i = 0; i < 8; ++i) blocks.push_back(Untouched(arena, 16 << 20));
  EXPECT_EQ(arena.usage().segments, 2u);
  blocks.pop_back();
  EXPECT_EQ(arena.usage().segments_touched_ahead, 0u);
}

TEST(Arena, RefusesWhatTheBudgetOrTheSystemDoesNotHave) {
  Arena small(1000);
  EXPECT_TRUE(small.Allocate(500).ok());
  EXPECT_EQ(small.Allocate(1000).status().code(), StatusCode::kResourceExhausted);
  EXPECT_EQ(small.usage().segments, 1u);
  Arena unlimited(kNoLimit);
  for (const uint64_t bytes : {uint64_t{1} << 47, UINT64_MAX - 63, UINT64_MAX}) {
    const Status refused = unlimited.Allocate(bytes).status();
    EXPECT_EQ(refused.code(), StatusCode::kResourceExhausted) << refused.ToString();
  }
  EXPECT_EQ(unlimited.budget().used_bytes(), 0u);
  EXPECT_EQ(unlimited.usage().segments, 0u);
  EXPECT_TRUE(unlimited.Allocate(1).ok());
}

// Fills each block with one character, so that an overlap is noticed.
void Churn(Arena& arena, uint32_t seed) {
  std::mt19937 random(seed);
  std::vector<BlockRef> held;
  for (int step = 0; step < 4000; ++step) {
    if (held.size() < 200 && random() % 3 != 0) {
      const int magnitude = static_cast<int>(random() % 18);
      held.push_back(Filled(arena, random() % (uint64_t{1} << magnitude), static_cast<char>(random())));
    } else if (!held.empty()) {
      std::swap(held[random() % held.size()], held.back());
      const std::string_view bytes = held.back().bytes();
      EXPECT_TRUE(bytes.empty() || bytes.find_first_not_of(bytes[0]) == std::string_view::npos);
      held.pop_back();
    }
  }
}

TEST(Arena, HoldsUnderChurnFromSeveralThreads) {
  Arena arena(kNoLimit);
  std::vector<std::thread> threads;
  for (uint32_t t = 0; t < 4; ++t) threads.emplace_back([&arena, t] { Churn(arena, t); });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(arena.budget().used_bytes(), 0u);
  EXPECT_EQ(arena.usage().runs, 0u);
  EXPECT_LE(arena.usage().segments, 1u);
}

}  // namespace
}  // namespace remote_dram::store
