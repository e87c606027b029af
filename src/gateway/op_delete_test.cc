// Deletes through the service.
#include "gateway/op_delete.h"

#include "gateway/gateway_fixture.h"

namespace remote_dram::gateway {
namespace {

class DeleteTest : public GatewayFixture {
 protected:
  grpc::Status Delete(const proto::DeleteRequest& request) {
    grpc::ClientContext context;
    response_.Clear();
    return stub_->Delete(&context, request, &response_);
  }
  grpc::Status Delete(const std::string& key, const std::string& condition = {}) {
    proto::DeleteRequest request;
    request.set_key(key);
    request.set_generation_if_equal(condition);
    return Delete(request);
  }
  grpc::Status DeleteRange(const std::string& begin, const std::string& end) {
    proto::DeleteRequest request;
    request.mutable_range()->set_inclusive_min(begin);
    request.mutable_range()->set_exclusive_max(end);
    return Delete(request);
  }
  bool Exists(const std::string& key) { return Read(key).first().state() == proto::ReadResponse::VALUE; }
  std::string generation() { return response_.generation_and_timestamp().generation(); }

  proto::DeleteResponse response_;
};

TEST_F(DeleteTest, LeavesTheKeyMissingWhetherItWasThereOrNot) {
  ASSERT_TRUE(Write("key", "value").ok());
  for (int i = 0; i < 2; ++i) {
    ASSERT_TRUE(Delete("key").ok());
    EXPECT_EQ(generation(), MissingGeneration());
    EXPECT_GT(response_.generation_and_timestamp().timestamp().seconds(), 1'700'000'000);
    EXPECT_FALSE(Exists("key"));
  }
}

TEST_F(DeleteTest, ChecksItsCondition) {
  proto::WriteResponse written;
  ASSERT_TRUE(Write("key", "value", {}, &written).ok());
  for (const std::string& wrong : {MissingGeneration(), ForeignGeneration()}) {
    ASSERT_TRUE(Delete("key", wrong).ok());
    EXPECT_EQ(generation(), "");
    EXPECT_TRUE(Exists("key"));
  }
  ASSERT_TRUE(Delete("key", written.generation_and_timestamp().generation()).ok());
  EXPECT_EQ(generation(), MissingGeneration());
  EXPECT_FALSE(Exists("key"));
}

TEST_F(DeleteTest, TakesARange) {
  for (const char* key : {"a", "b", "c", "d"}) ASSERT_TRUE(Write(key, "value").ok());
  ASSERT_TRUE(DeleteRange("b", "d").ok());
  EXPECT_TRUE(Exists("a"));
  EXPECT_FALSE(Exists("b"));
  EXPECT_FALSE(Exists("c"));
  EXPECT_TRUE(Exists("d"));
  ASSERT_TRUE(DeleteRange("", "").ok());
  EXPECT_FALSE(Exists("a"));
}

TEST_F(DeleteTest, RefusesToGuessWhatToDelete) {
  ASSERT_TRUE(Write("", "of the empty key").ok());
  EXPECT_EQ(Delete("").error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  proto::DeleteRequest both;
  both.set_key("a");
  both.mutable_range();
  EXPECT_EQ(Delete(both).error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_TRUE(Exists(""));
}

TEST_F(DeleteTest, TellsTheStoresFailureInItsResponseSoThatNobodyDeletesTwice) {
  store_.FailWith(Status(StatusCode::kUnavailable, "gone"));
  for (const bool range : {false, true}) {
    ASSERT_TRUE((range ? DeleteRange("a", "b") : Delete("key")).ok());
    EXPECT_EQ(response_.status().code(), static_cast<int>(StatusCode::kUnavailable));
    EXPECT_EQ(response_.status().message(), "gone");
    EXPECT_FALSE(response_.has_generation_and_timestamp());
  }
}

}  // namespace
}  // namespace remote_dram::gateway
