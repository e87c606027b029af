// The mapped layout: each reason to refuse an index, and look-ups in memory in which a server wrote nonsense.
#include "wire/mapped_lookup.h"

#include <gtest/gtest.h>

namespace remote_dram::wire {
namespace {

using State = MappedFound::State;

constexpr uint32_t kSegment = 3;
constexpr uint64_t kPayloadAt = kMappedUnitBytes;

// An index with one shard and one used entry, and a segment with one block, as a server would write them.
struct alignas(64) Layout final : MappedSegments {
  struct alignas(64) Index {
    MappedRoot root{.shards = 1, .incarnation = 7, .table_offset = 192, .table_stride = 64};
    MappedShard shard{.entries = 4};
    MappedEntry table[4];
  } index;
  alignas(64) char segment[256] = {};

  Layout() {
    root().sequence = 9;
    const uint64_t hash = base::KeyHash({}, "key");
    entry() = {hash, MappedHandle(kSegment, kPayloadAt)};
    Write(kPayloadAt, MappedBlock::Of(BlockKind::kValue, 5, 3), "valuekey");
  }
  MappedRoot& root() { return index.root; }
  MappedEntry& entry() { return index.table[MappedStart(base::KeyHash({}, "key"), 4)]; }
  void Write(uint64_t at, MappedBlock block, std::string_view payload_and_key) {
    block.sequence = 6;
    std::memcpy(segment + at - sizeof block, &block, sizeof block);
    std::memcpy(segment + at, payload_and_key.data(), payload_and_key.size());
  }
  std::string_view Bytes(uint32_t number) const override {
    return number == kSegment ? std::string_view(segment, sizeof segment) : std::string_view();
  }
  MappedFound Find(std::string_view key = "key") {
    MappedIndex opened;
    const std::string_view bytes(reinterpret_cast<const char*>(&index), sizeof index);
    EXPECT_EQ(MappedIndex::Open(bytes, &opened), nullptr);
    return opened.Find(key, *this, &pin);
  }
  std::string Refusal(MappedRoot bad) const {
    Index copy = index;
    copy.root = bad;
    MappedIndex opened;
    const char* const fault = MappedIndex::Open({reinterpret_cast<const char*>(&copy), sizeof copy}, &opened);
    return fault == nullptr ? "" : fault;
  }
  uint64_t pin = 0;
};

TEST(MappedLayout, FindsAKeyAndPinsItsBlock) {
  Layout layout;
  const MappedFound found = layout.Find();
  EXPECT_EQ(found.state, State::kFound);
  EXPECT_EQ(found.value, "value");
  EXPECT_EQ(found.version, 6u);
  EXPECT_EQ(found.sequence, 9u);
  EXPECT_EQ(layout.pin, MappedHandle(kSegment, kPayloadAt));
  EXPECT_EQ(layout.Find("other").state, State::kMissing);
  EXPECT_EQ(layout.pin, 0u);
}

TEST(MappedLayout, LeavesItToTheCallerToTellApartKeysOfOneHash) {
  Layout layout;
  EXPECT_EQ(layout.Find().key, "key");
  layout.Write(kPayloadAt, MappedBlock::Of(BlockKind::kValue, 5, 3), "valueyek");
  EXPECT_EQ(layout.Find().key, "yek");
}

TEST(MappedLayout, IsInDoubtWhileAShardChangesOrIfItMakesNoSense) {
  Layout layout;
  layout.index.shard.version = 1;
  EXPECT_EQ(layout.Find().state, State::kDoubt);
  layout.index.shard.version = 2;
  EXPECT_EQ(layout.Find().state, State::kFound);
  for (const uint64_t entries : {0, 3, 8}) {
    layout.index.shard.entries = entries;
    EXPECT_EQ(layout.Find().state, State::kDoubt) << entries;
  }
  layout.index.shard.entries = 4;
  for (MappedEntry& each : layout.index.table) each = {1, 1};  // a full table has no empty entry that would end the search
  EXPECT_EQ(layout.Find().state, State::kDoubt);
}

TEST(MappedLayout, AsksForASegmentThatIsNotMapped) {
  Layout layout;
  layout.entry().handle = MappedHandle(kSegment + 1, kPayloadAt);
  const MappedFound found = layout.Find();
  EXPECT_EQ(found.state, State::kUnmapped);
  EXPECT_EQ(found.segment, kSegment + 1);
  EXPECT_EQ(layout.pin, 0u);
}

TEST(MappedLayout, TrustsNoHandleAndNoSize) {
  Layout layout;
  for (const uint64_t at : {uint64_t{0}, sizeof layout.segment + 64, uint64_t{1} << 36}) {
    layout.entry().handle = at == 0 ? uint64_t{kSegment} << 32 : MappedHandle(kSegment, at);
    EXPECT_EQ(layout.Find().state, State::kDoubt) << at;
  }
  layout.entry().handle = MappedHandle(kSegment, kPayloadAt);
  for (const MappedBlock& bad :
       {MappedBlock::Of(BlockKind::kValue, 190, 3), MappedBlock::Of(BlockKind::kValue, uint64_t{1} << 47, 3),
        MappedBlock::Of(BlockKind::kValue, 0, 4097), MappedBlock::Of(BlockKind(3), 5, 3), MappedBlock{}}) {
    layout.Write(kPayloadAt, bad, "valuekey");
    EXPECT_EQ(layout.Find().state, State::kDoubt) << bad.shape;
  }
}

TEST(MappedLayout, FollowsALinkOnceAndToAValueOfItsSize) {
  Layout layout;
  const auto link_to = [&layout](uint64_t at, uint64_t value_bytes) {
    std::string payload;
    Append(&payload, MappedLink{.handle = MappedHandle(kSegment, at)});
    layout.Write(kPayloadAt, MappedBlock::Of(BlockKind::kLink, value_bytes, 3), payload + "key");
  };
  layout.Write(128, MappedBlock::Of(BlockKind::kValue, 5, 1), "valuea");
  link_to(128, 5);
  EXPECT_EQ(layout.Find().value, "value");
  link_to(128, 4);
  EXPECT_EQ(layout.Find().state, State::kDoubt);
  link_to(kPayloadAt, 5);  // the link points to itself
  EXPECT_EQ(layout.Find().state, State::kDoubt);
  link_to(1 << 20, 5);
  EXPECT_EQ(layout.Find().state, State::kDoubt);
}

TEST(MappedLayout, SaysWhyAnIndexIsNone) {
  const Layout layout;
  const MappedRoot good = layout.index.root;
  const auto but = [&good](auto change) {
    MappedRoot bad = good;
    change(bad);
    return bad;
  };
  EXPECT_EQ(layout.Refusal(good), "");
  EXPECT_EQ(layout.Refusal(but([](MappedRoot& r) { r.magic = 1; })), "the magic number of the index is wrong");
  EXPECT_EQ(layout.Refusal(but([](MappedRoot& r) { r.version = 2; })), "the index has another version");
  EXPECT_EQ(layout.Refusal(but([](MappedRoot& r) { r.incarnation = 0; })), "the incarnation is zero");
  EXPECT_EQ(layout.Refusal(but([](MappedRoot& r) { r.shards = 0; })), "the number of shards is impossible");
  EXPECT_EQ(layout.Refusal(but([](MappedRoot& r) { r.shards = 1025; })), "the number of shards is impossible");
  EXPECT_EQ(layout.Refusal(but([](MappedRoot& r) { r.table_offset = 193; })), "a table is not aligned");
  EXPECT_EQ(layout.Refusal(but([](MappedRoot& r) { r.table_stride = 0; })), "a table has no room");
  EXPECT_EQ(layout.Refusal(but([](MappedRoot& r) { r.table_offset = 128; })), "the tables overlap the shards");
  EXPECT_EQ(layout.Refusal(but([](MappedRoot& r) { r.table_stride = 128; })), "the tables do not fit the index");
  EXPECT_EQ(layout.Refusal(but([](MappedRoot& r) { r.table_offset = uint64_t{1} << 40; })), "the tables do not fit the index");
}

}  // namespace
}  // namespace remote_dram::wire
