// The messages of batches, transactions, copies and waiting: each survives encoding and decoding, and each rule refuses
// messages that break it.
#include "base/validate.h"
#include "wire/message.h"
#include "wire/testing.h"

namespace remote_dram::wire {
namespace {

constexpr WireGeneration kMissing{.kind = 1}, kBad{.kind = 9};
constexpr uint32_t kMost = batch_operations_max;
constexpr auto kBoundMax = static_cast<uint32_t>(base::range_bound_bytes_max);
const std::string kLongestKey(key_bytes_max, 'k');
constexpr const char* kTooLong = "the key is longer than key_bytes_max";
constexpr const char* kFollows = "bytes follow where none are expected";

TEST(BatchMessages, SurviveTheirTrip) {
  ExpectRoundTrip(BatchReadRequest{.operations = 1, .at_one_instant = 1, .payload_bytes = UINT64_MAX});
  ExpectRoundTrip(BatchReadRequest{.operations = kMost});
  ExpectRoundTrip(BatchWriteRequest{.operations = kMost, .transaction = 2, .payload_bytes = 1});
  ExpectRoundTrip(BatchReply{.operations = kMost, .state = 1, .payload_bytes = 1});
  ExpectRoundTrip(StageRequest{.transaction = 1, .value_bytes = 5}, kLongestKey);
  ExpectRoundTrip(StageReply{});
  ExpectRoundTrip(CopyRangeRequest{.begin_bytes = kBoundMax, .end_bytes = kBoundMax, .prefix_bytes = 4096, .strip_bytes = 4096});
  ExpectRoundTrip(CopyRangeReply{.keys_copied = 3});
  ExpectRoundTrip(WaitRequest{.while_generation = kMissing, .timeout_ms = wait_ms_max}, kLongestKey);
}

TEST(BatchMessages, HaveSomeOperationsAndNotTooMany) {
  EXPECT_EQ(Refusal(BatchReadRequest{}), "a batch of no operations");
  EXPECT_EQ(Refusal(BatchWriteRequest{}), "a batch of no operations");
  EXPECT_EQ(Refusal(BatchReply{}), "a batch of no operations");
  const std::string many = "more operations than batch_operations_max";
  EXPECT_EQ(Refusal(BatchReadRequest{.operations = kMost + 1}), many);
  EXPECT_EQ(Refusal(BatchWriteRequest{.operations = kMost + 1}), many);
  EXPECT_EQ(Refusal(BatchReply{.operations = UINT32_MAX}), many);
}

TEST(BatchMessages, HaveNoBytesWhereNoneAreExpected) {
  EXPECT_EQ(Refusal(BatchReadRequest{.operations = 1}, "x"), kFollows);
  EXPECT_EQ(Refusal(BatchWriteRequest{.operations = 1}, "x"), kFollows);
  EXPECT_EQ(Refusal(BatchReply{.operations = 1}, "x"), kFollows);
  EXPECT_EQ(Refusal(StageReply{}, "x"), kFollows);
  EXPECT_EQ(Refusal(CopyRangeRequest{}, "x"), kFollows);
  EXPECT_EQ(Refusal(CopyRangeReply{}, "x"), kFollows);
}

TEST(BatchMessages, HaveKeysFlagsStatesAndNumbersInTheirLimits) {
  EXPECT_EQ(Refusal(StageRequest{.transaction = 1}, kLongestKey + "k"), kTooLong);
  EXPECT_EQ(Refusal(WaitRequest{}, kLongestKey + "k"), kTooLong);
  EXPECT_EQ(Refusal(BatchReadRequest{.operations = 1, .at_one_instant = 2}), "a flag is neither 0 nor 1");
  EXPECT_EQ(Refusal(BatchWriteRequest{.operations = 1, .reserved = 1}), "reserved bytes are not zero");
  EXPECT_EQ(Refusal(BatchReply{.operations = 1, .state = 2}), "the state is unknown");
  EXPECT_EQ(Refusal(StageReply{.reserved = 1}), "reserved bytes are not zero");
  EXPECT_EQ(Refusal(StageRequest{}), "a value of no transaction");
  const std::string bound = "a bound of the range is longer than a key can be";
  EXPECT_EQ(Refusal(CopyRangeRequest{.begin_bytes = kBoundMax + 1}), bound);
  EXPECT_EQ(Refusal(CopyRangeRequest{.end_bytes = kBoundMax + 1}), bound);
  EXPECT_EQ(Refusal(CopyRangeRequest{.prefix_bytes = key_bytes_max + 1}), kTooLong);
  EXPECT_EQ(Refusal(CopyRangeRequest{.strip_bytes = key_bytes_max + 1}), "more is stripped than a key can have");
  EXPECT_EQ(Refusal(WaitRequest{.while_generation = kBad}), "the kind of a generation is unknown");
  EXPECT_EQ(Refusal(WaitRequest{.while_generation = {}, .timeout_ms = wait_ms_max + 1}),
            "the timeout is longer than wait_ms_max");
}

}  // namespace
}  // namespace remote_dram::wire
