// StagedWrites: a commit is applied completely or not at all, with the store of a real server.
#include "driver/core/staged_writes.h"

#include <gtest/gtest.h>

#include <optional>

#include "remote_dram/server.h"

namespace remote_dram::driver {
namespace {

class StagedWritesTest : public testing::Test {
 protected:
  StagedWritesTest() {
    Result<Server> started = Server::Start({});
    EXPECT_TRUE(started.ok()) << started.status().ToString();
    if (started.ok()) server_.emplace(std::move(*started));
  }
  KeyValueStore& store() { return server_->local(); }

  Generation Written(std::string_view key, std::string_view value) { return store().Put(key, value)->generation; }
  std::string Value(std::string_view key) {
    const Result<GetResult> got = store().Get(key);
    return got->state == ReadState::kMissing ? "missing" : std::string(got->value.bytes());
  }
  Result<TransactResult> Commit(const StagedWrites& staged) {
    std::optional<Result<TransactResult>> result;
    Latch latch;
    staged.Commit(store(), [&result, &latch](Result<TransactResult> committed) {
      result = std::move(committed);
      latch.Set();
    });
    latch.Wait();
    return *std::move(result);
  }

 private:
  std::optional<Server> server_;
};

TEST_F(StagedWritesTest, CommitAllKindsAtOneInstant) {
  const Generation a = Written("a", "old"), c = Written("c", "read only");
  Written("b", "to be deleted");
  Written("range/1", "to be deleted");
  StagedWrites staged;
  EXPECT_TRUE(staged.empty());
  const size_t put = staged.Put("a", {"new ", "value"}, a);
  const size_t gone = staged.Delete("b", Generation::Unknown());
  const size_t read = staged.Check("c", c);
  staged.DeleteRange("range/", "range0");
  const Result<TransactResult> result = Commit(staged);
  ASSERT_TRUE(result.ok()) << result.status().ToString();
  EXPECT_EQ(result->state, WriteState::kApplied);
  EXPECT_EQ(result->outcomes[put].generation, store().Stat("a")->generation);
  EXPECT_EQ(result->outcomes[gone].generation, Generation::Missing());
  EXPECT_EQ(result->outcomes[read].generation, c);
  EXPECT_EQ(Value("a"), "new value");
  EXPECT_EQ(Value("b"), "missing");
  EXPECT_EQ(Value("c"), "read only");
  EXPECT_EQ(Value("range/1"), "missing");
}

TEST_F(StagedWritesTest, ChangeNothingIfAKeyThatWasOnlyReadHasChanged) {
  const Generation before = Written("read", "then");
  Written("read", "now");
  StagedWrites staged;
  const size_t put = staged.Put("written", {"value"}, Generation::Missing());
  const size_t read = staged.Check("read", before);
  const Result<TransactResult> result = Commit(staged);
  ASSERT_TRUE(result.ok()) << result.status().ToString();
  EXPECT_EQ(result->state, WriteState::kConditionFailed);
  EXPECT_TRUE(result->outcomes[put].matched);
  EXPECT_FALSE(result->outcomes[read].matched);
  EXPECT_EQ(Value("written"), "missing");
}

TEST_F(StagedWritesTest, AnswerASingleWriteAsATransaction) {
  StagedWrites first, again, gone;
  first.Put("key", {"value"}, Generation::Missing());
  Result<TransactResult> result = Commit(first);
  ASSERT_TRUE(result.ok()) << result.status().ToString();
  EXPECT_EQ(result->state, WriteState::kApplied);
  ASSERT_EQ(result->outcomes.size(), 1u);
  EXPECT_TRUE(result->outcomes[0].matched);
  EXPECT_EQ(result->outcomes[0].generation, store().Stat("key")->generation);
  const Generation written = result->outcomes[0].generation;

  again.Put("key", {"other"}, Generation::Missing());
  result = Commit(again);
  ASSERT_TRUE(result.ok()) << result.status().ToString();
  EXPECT_EQ(result->state, WriteState::kConditionFailed);
  ASSERT_EQ(result->outcomes.size(), 1u);
  EXPECT_FALSE(result->outcomes[0].matched);
  EXPECT_EQ(Value("key"), "value");

  gone.Delete("key", written);
  result = Commit(gone);
  ASSERT_TRUE(result.ok()) << result.status().ToString();
  EXPECT_EQ(result->outcomes[0].generation, Generation::Missing());
  EXPECT_EQ(Value("key"), "missing");
}

TEST_F(StagedWritesTest, CheckASingleKeyThatWasOnlyRead) {
  const Generation before = Written("key", "then");
  StagedWrites staged;
  staged.Check("key", before);
  EXPECT_EQ(Commit(staged)->state, WriteState::kApplied);
  Written("key", "now");
  EXPECT_EQ(Commit(staged)->state, WriteState::kConditionFailed);
}

TEST_F(StagedWritesTest, TellTheStoresRefusal) {
  StagedWrites staged;
  staged.Put(std::string(key_bytes_max + 1, 'k'), {"value"}, Generation::Unknown());
  EXPECT_EQ(Commit(staged).status().code(), StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace remote_dram::driver
