// Statuses, deadlines and messages.
#include "gateway/rpc.h"

#include <gtest/gtest.h>

#include <set>

#include "gateway/kvstore.pb.h"

namespace remote_dram::gateway {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;
using Clock = std::chrono::system_clock;

const Clock::time_point kNow{std::chrono::seconds(1'700'000'000)};

TEST(ToGrpc, KeepsNumberAndMessage) {
  for (int code = 1; code <= kStatusCodeMax; ++code) {
    const grpc::Status told = ToGrpc(Status(static_cast<StatusCode>(code), "why"));
    EXPECT_EQ(static_cast<int>(told.error_code()), code);
    EXPECT_EQ(told.error_message(), "why");
  }
}

TEST(ReadFailed, HidesTheCodesThatTensorStoreWouldRetryInSilence) {
  const std::set<int> retried = {4, 8, 13, 14};
  for (int code = 1; code <= kStatusCodeMax; ++code) {
    const Status status(static_cast<StatusCode>(code), "why");
    const grpc::Status told = ReadFailed(status);
    EXPECT_EQ(static_cast<int>(told.error_code()), retried.count(code) ? 2 : code);
    EXPECT_EQ(told.error_message(), retried.count(code) ? status.ToString() : "why");
  }
}

TEST(TimeLeft, IsTheTimeToTheDeadlineLessAMargin) {
  EXPECT_EQ(*TimeLeft(kNow + milliseconds(1000), kNow), milliseconds(900));
  EXPECT_EQ(*TimeLeft(kNow + milliseconds(60'000), kNow), milliseconds(59'500));
  EXPECT_EQ(*TimeLeft(kNow + nanoseconds(1), kNow), milliseconds(1)) << "0 would be the store's default";
}

TEST(TimeLeft, RefusesADeadlineThatHasPassed) {
  EXPECT_EQ(TimeLeft(kNow, kNow).status().code(), StatusCode::kDeadlineExceeded);
  EXPECT_EQ(TimeLeft(kNow - milliseconds(1), kNow).status().code(), StatusCode::kDeadlineExceeded);
}

TEST(TimeLeft, IsTheStoresDefaultWithoutADeadlineAndBoundedWithAFarOne) {
  EXPECT_EQ(*TimeLeft(Clock::time_point::max(), kNow), milliseconds(0));
  EXPECT_EQ(*TimeLeft(Clock::time_point::max() - nanoseconds(1), kNow), call_timeout_max);
}

TEST(Parse, ReadsWhatEncodeWrote) {
  tensorstore_grpc::kvstore::ReadRequest request, parsed;
  request.set_key("key");
  grpc::ByteBuffer bytes = Encode(request);
  ASSERT_TRUE(Parse(bytes, parsed).ok());
  EXPECT_EQ(parsed.key(), "key");
  EXPECT_EQ(bytes.Length(), 0u);
}

TEST(Parse, RefusesWhatIsNoMessage) {
  tensorstore_grpc::kvstore::ReadRequest parsed;
  const grpc::Slice broken("\x0a\x7f");  // announces a key of 127 bytes, which are missing
  grpc::ByteBuffer bytes(&broken, 1), none;
  EXPECT_EQ(Parse(bytes, parsed).code(), StatusCode::kInvalidArgument);
  EXPECT_EQ(Parse(none, parsed).code(), StatusCode::kInvalidArgument);
}

TEST(TakeSlices, TakesTheBytesAwayOrSaysThatThereAreNone) {
  const grpc::Slice some("some bytes");
  grpc::ByteBuffer bytes(&some, 1), none;
  const Result<std::vector<grpc::Slice>> taken = TakeSlices(bytes);
  ASSERT_TRUE(taken.ok());
  ASSERT_EQ(taken->size(), 1u);
  EXPECT_EQ(taken->front().size(), some.size());
  EXPECT_EQ(bytes.Length(), 0u);
  EXPECT_EQ(TakeSlices(none).status().code(), StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace remote_dram::gateway
