// The operations of a batch: packed and unpacked, at their limits, truncated at many sizes, and random bytes.
#include "wire/batch.h"

#include "base/validate.h"
#include "wire/testing.h"

namespace remote_dram::wire {
namespace {

using Kind = WriteOperation::Kind;

const Generation kVersion = Generation::Value(7, 9);

std::vector<ReadOperation> Reads() {
  const std::string longest(key_bytes_max, 'k');
  const Generation foreign = Generation::Foreign(), missing = Generation::Missing();
  return {{.key = "", .if_generation = {}, .if_not_generation = {}, .range = {}, .stat = false},
          {.key = std::string("a\0b", 3), .if_generation = kVersion, .if_not_generation = missing, .range = {-5, -1}, .stat = true},
          {.key = longest, .if_generation = foreign, .if_not_generation = kVersion, .range = {3, 2}, .stat = false}};
}

std::vector<WriteOperation> Writes() {
  return {{.kind = Kind::kPut, .key = "a", .end = "", .value = {"one", "", "two"}, .if_generation = kVersion},
          {.kind = Kind::kDelete, .key = "", .end = "", .value = {}, .if_generation = Generation::Missing()},
          {.kind = Kind::kDeleteRange, .key = "b", .end = std::string(key_bytes_max + 1, 'e'), .value = {}, .if_generation = {}},
          {.kind = Kind::kPut, .key = "ahead", .end = "", .value = {"not packed"}, .if_generation = {}},
          {.kind = Kind::kCheck, .key = "c", .end = "", .value = {}, .if_generation = kVersion},
          {.kind = Kind::kPut, .key = "d", .end = "", .value = {"three"}, .if_generation = {}}};
}
const std::vector<bool> kAhead = {false, false, false, true, false, false};
std::string WritesPayload() { return PackWrites(Writes(), kAhead) + "onetwothree"; }

std::string PackedReads() { return PackReads(base::ViewsOf(Reads())); }
std::string RefusedReads(std::string_view payload, uint32_t count) {
  const Exactly input(payload);
  std::vector<base::ReadView> operations;
  const char* fault = UnpackReads(input.view(), count, &operations);
  return fault == nullptr ? "" : fault;
}
std::string RefusedWrites(std::string_view payload, uint32_t count) {
  const Exactly input(payload);
  std::vector<WriteOperation> operations;
  std::vector<bool> ahead;
  const char* fault = UnpackWrites(input.view(), count, &operations, &ahead);
  return fault == nullptr ? "" : fault;
}
std::string Refused(const WriteEntry& entry, std::string_view rest) { return RefusedWrites(Bytes(entry, rest), 1); }

TEST(Batch, GivesBackEveryRead) {
  const std::string payload = PackedReads();
  std::vector<base::ReadView> operations;
  ASSERT_STREQ(UnpackReads(payload, 3, &operations), nullptr);
  ASSERT_EQ(operations.size(), 3u);
  EXPECT_EQ(PackReads(operations), payload);
  for (size_t i = 0; i < 3; ++i) EXPECT_EQ(operations[i].key, Reads()[i].key);
  EXPECT_EQ(operations[1].range.min, -5);
  EXPECT_TRUE(operations[1].stat);
  EXPECT_EQ(operations[2].if_not_generation, kVersion);
}

TEST(Batch, GivesBackEveryWriteAndItsValue) {
  const std::string payload = WritesPayload();
  std::vector<WriteOperation> operations;
  std::vector<bool> ahead;
  ASSERT_STREQ(UnpackWrites(payload, 6, &operations, &ahead), nullptr);
  ASSERT_EQ(operations.size(), 6u);
  EXPECT_EQ(ahead, kAhead);
  for (size_t i = 0; i < 6; ++i) {
    EXPECT_EQ(operations[i].kind, Writes()[i].kind);
    EXPECT_EQ(operations[i].key, Writes()[i].key);
    EXPECT_EQ(operations[i].end, Writes()[i].end);
  }
  EXPECT_EQ(operations[0].if_generation, kVersion);
  EXPECT_EQ(operations[0].value, Pieces{"onetwo"});
  EXPECT_TRUE(operations[3].value.empty());
  EXPECT_EQ(operations[5].value, Pieces{"three"});
}

TEST(Batch, RefusesToBeCutOffAnywhere) {
  const std::string reads = PackedReads(), writes = WritesPayload();
  for (size_t size = 0; size < reads.size(); size += size < 200 ? 1 : 97) {
    EXPECT_NE(RefusedReads(std::string_view(reads).substr(0, size), 3), "") << size;
  }
  for (size_t size = 0; size < writes.size(); size += size < 200 || size + 200 > writes.size() ? 1 : 97) {
    EXPECT_NE(RefusedWrites(std::string_view(writes).substr(0, size), 6), "") << size;
  }
}

TEST(Batch, RefusesBytesAfterTheLastOne) {
  EXPECT_EQ(RefusedReads(PackedReads() + "x", 3), "bytes follow the last operation");
  EXPECT_EQ(RefusedReads(PackedReads(), 2), "bytes follow the last operation");
  EXPECT_EQ(RefusedWrites(WritesPayload() + "x", 6), "bytes follow the last value");
  EXPECT_EQ(RefusedReads("", batch_operations_max + 1), "more operations than batch_operations_max");
  EXPECT_EQ(RefusedWrites("", UINT32_MAX), "more operations than batch_operations_max");
}

TEST(Batch, RefusesWhatNoCorrectPeerPacks) {
  const auto kind = [](Kind of) { return static_cast<uint32_t>(of); };
  const std::string long_key(key_bytes_max + 2, 'k');
  EXPECT_EQ(Refused({.if_generation = {.kind = 9}}, ""), "the kind of a generation is unknown");
  EXPECT_EQ(Refused({.if_generation = {}, .kind = 4}, ""), "the kind of a write is unknown");
  EXPECT_EQ(Refused({.if_generation = {}, .ahead = 2}, ""), "a flag is neither 0 nor 1");
  EXPECT_EQ(Refused({.if_generation = {}, .key_bytes = key_bytes_max + 1}, long_key), "the key is longer than key_bytes_max");
  EXPECT_EQ(Refused({.if_generation = {}, .kind = kind(Kind::kDeleteRange), .end_bytes = key_bytes_max + 2}, long_key),
            "the key is longer than key_bytes_max");
  EXPECT_EQ(Refused({.if_generation = {}, .kind = kind(Kind::kPut), .end_bytes = 1}, "e"), "a single key has an end");
  EXPECT_EQ(Refused({.if_generation = {}, .value_bytes = 1, .kind = kind(Kind::kDelete)}, "v"), "a value where none is written");
  EXPECT_EQ(Refused({.if_generation = {}, .kind = kind(Kind::kCheck), .ahead = 1}, ""), "a value where none is written");
  EXPECT_EQ(Refused({.if_generation = {}, .value_bytes = 1, .ahead = 1}, "v"), "a value that came ahead comes again");
  EXPECT_EQ(Refused({.if_generation = {}, .value_bytes = UINT64_MAX}, "v"), "a value ends after the payload");
  EXPECT_EQ(Refused({.if_generation = {}, .key_bytes = 2}, "k"), "a key ends after the payload");
  EXPECT_EQ(RefusedReads(Bytes(ReadEntry{.if_generation = {}, .if_not_generation = {.kind = 9}}), 1),
            "the kind of a generation is unknown");
  EXPECT_EQ(RefusedReads(Bytes(ReadEntry{.if_generation = {}, .if_not_generation = {}, .stat = 2}), 1), "a flag is neither 0 nor 1");
  const ReadEntry with_long_key{.if_generation = {}, .if_not_generation = {}, .key_bytes = key_bytes_max + 1};
  EXPECT_EQ(RefusedReads(Bytes(with_long_key, long_key), 1), "the key is longer than key_bytes_max");
}

TEST(Batch, SurvivesBytesWithoutSense) {
  Noise noise;
  for (uint32_t i = 0; i < 20'000; ++i) {
    const std::string bytes = noise.Next(300);
    RefusedReads(bytes, i % 5);
    RefusedWrites(bytes, i % 5);
  }
}

}  // namespace
}  // namespace remote_dram::wire
