// The checks of arguments, at the edges of their limits.
#include "base/validate.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <string>

namespace remote_dram::base {
namespace {

constexpr int64_t kMin = std::numeric_limits<int64_t>::min();
constexpr int64_t kMax = std::numeric_limits<int64_t>::max();

bool Names(const Status& status, std::string_view what) {
  return status.message().find(what) != std::string::npos;
}

TEST(Validate, TakesKeysUpToTheLimitAndNamesItBeyond) {
  EXPECT_TRUE(CheckKey("put", "").ok());
  EXPECT_TRUE(CheckKey("put", std::string(key_bytes_max, '\0')).ok());
  const Status over = CheckKey("put", std::string(key_bytes_max + 1, 'k'));
  EXPECT_EQ(over.code(), StatusCode::kInvalidArgument);
  EXPECT_TRUE(Names(over, "put \"kkk"));
  EXPECT_TRUE(Names(over, "4097 bytes"));
  EXPECT_TRUE(Names(over, "key_bytes_max (4096)"));
}

TEST(Validate, TakesValuesUpToTheLimitAndNamesItBeyond) {
  EXPECT_TRUE(CheckValueBytes("k", 100, 100).ok());
  const Status over = CheckValueBytes("k", 101, 100);
  EXPECT_EQ(over.code(), StatusCode::kInvalidArgument);
  EXPECT_TRUE(Names(over, "value_bytes_max (100)"));
  EXPECT_TRUE(Names(over, "101 bytes"));
}

TEST(Validate, TakesBoundsUpToTheSuccessorOfTheLongestKey) {
  const std::string longest(key_bytes_max + 1, 'k');
  EXPECT_TRUE(CheckKeyRange("list", {longest, longest}).ok());
  EXPECT_TRUE(Names(CheckKeyRange("list", {longest + "k", ""}), "key_bytes_max"));
  EXPECT_TRUE(Names(CheckKeyRange("list", {"", longest + "k"}), "key_bytes_max"));
}

TEST(Validate, TakesPagesFromOneEntryUpToTheLimit) {
  ListOptions options;
  EXPECT_TRUE(CheckList({}, options).ok());
  options.entries_max = 1;
  EXPECT_TRUE(CheckList({}, options).ok());
  for (const uint32_t bad : {0u, list_entries_max + 1, UINT32_MAX}) {
    options.entries_max = bad;
    EXPECT_EQ(CheckList({}, options).code(), StatusCode::kInvalidArgument);
    EXPECT_TRUE(Names(CheckList({}, options), "list_entries_max (16384)"));
  }
  options = {};
  options.after = std::string(key_bytes_max + 1, 'k');
  EXPECT_EQ(CheckList({}, options).code(), StatusCode::kInvalidArgument);
}

struct RangeCase {
  ByteRange range;
  uint64_t value_bytes;
  StatusCode code;
  ResolvedRange resolved;
};

TEST(Validate, ResolvesByteRangesAsTensorStoreDoes) {
  constexpr StatusCode ok = StatusCode::kOk, outside = StatusCode::kOutOfRange,
                       impossible = StatusCode::kInvalidArgument;
  const uint64_t huge = uint64_t{1} << 63;
  const RangeCase cases[] = {
      {{0, -1}, 0, ok, {0, 0}},
      {{0, -1}, 10, ok, {0, 10}},
      {{0, 0}, 0, ok, {0, 0}},
      {{0, 0}, 10, ok, {0, 0}},
      {{3, 7}, 10, ok, {3, 4}},
      {{0, 10}, 10, ok, {0, 10}},
      {{5, 5}, 10, ok, {5, 0}},
      {{10, 10}, 10, ok, {10, 0}},
      {{10, -1}, 10, ok, {10, 0}},
      {{-3, -1}, 10, ok, {7, 3}},
      {{-10, -1}, 10, ok, {0, 10}},
      {{0, kMax}, kMax, ok, {0, kMax}},
      {{kMax, kMax}, kMax, ok, {kMax, 0}},
      {{kMin, -1}, huge, ok, {0, huge}},
      {{-1, -1}, 0, outside, {}},
      {{-11, -1}, 10, outside, {}},
      {{kMin, -1}, 10, outside, {}},
      {{kMin, -1}, huge - 1, outside, {}},
      {{11, -1}, 10, outside, {}},
      {{11, 11}, 10, outside, {}},
      {{0, 11}, 10, outside, {}},
      {{3, kMax}, 10, outside, {}},
      {{kMax, -1}, 10, outside, {}},
      {{1, 0}, 10, impossible, {}},
      {{7, 3}, 10, impossible, {}},
      {{-3, 0}, 10, impossible, {}},
      {{-3, 5}, 10, impossible, {}},
      {{-3, -2}, 10, impossible, {}},
      {{0, -2}, 10, impossible, {}},
      {{0, kMin}, 10, impossible, {}},
      {{kMin, kMin}, 10, impossible, {}},
      {{kMin, kMax}, 10, impossible, {}},
  };
  for (const RangeCase& c : cases) {
    SCOPED_TRACE(std::to_string(c.range.min) + ", " + std::to_string(c.range.max) + " of " +
                 std::to_string(c.value_bytes));
    const Result<ResolvedRange> resolved = ResolveRange(c.range, c.value_bytes);
    EXPECT_EQ(resolved.status().code(), c.code) << resolved.status().message();
    EXPECT_EQ(CheckByteRange(c.range).ok(), c.code != impossible);
    if (!resolved.ok()) continue;
    EXPECT_EQ(resolved->offset, c.resolved.offset);
    EXPECT_EQ(resolved->size, c.resolved.size);
  }
}

TEST(Validate, SaysWhichBytesAreNotThere) {
  EXPECT_EQ(ResolveRange({5, -1}, 3).status().message(),
            "bytes [5, end) are not all inside of a value of 3 bytes");
  EXPECT_EQ(ResolveRange({kMin, -1}, 3).status().message(),
            "the last 9223372036854775808 bytes are not all inside of a value of 3 bytes");
}

TEST(Validate, SaysWhichGetMakesNoSense) {
  EXPECT_TRUE(CheckGet("a", {-3, -1}).ok());
  EXPECT_TRUE(Names(CheckGet("a", {5, 4}), "get \"a\": bytes [5, 4) is no range"));
  EXPECT_TRUE(Names(CheckGet(std::string(key_bytes_max + 1, 'k'), {}), "key_bytes_max"));
}

TEST(Validate, NoTimeoutIsTooLongForADeadline) {
  using std::chrono::milliseconds;
  EXPECT_EQ(TimeoutOf(milliseconds(5), milliseconds(7)), milliseconds(5));
  EXPECT_EQ(TimeoutOf(milliseconds(0), milliseconds(7)), milliseconds(7));
  EXPECT_EQ(TimeoutOf(milliseconds::max(), milliseconds(7)), timeout_max);
  EXPECT_EQ(TimeoutOf(milliseconds(0), milliseconds::max()), timeout_max);
  EXPECT_LT(TimeoutOf(milliseconds::min(), milliseconds(7)).count(), 0);
}

TEST(Validate, TakesWhatJustFitsTheCallersMemory) {
  EXPECT_TRUE(CheckRoom("k", 0, 0).ok());
  EXPECT_TRUE(CheckRoom("k", 10, 10).ok());
  const Status over = CheckRoom("k", 11, 10);
  EXPECT_EQ(over.code(), StatusCode::kOutOfRange);
  EXPECT_TRUE(Names(over, "11 bytes do not fit into the caller's 10"));
}

}  // namespace
}  // namespace remote_dram::base
