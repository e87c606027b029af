// LocalStore: batches and transactions directly on the store, waiting on a loop, and cancellation.
#include <gtest/gtest.h>

#include <future>
#include <optional>

#include "net/testing.h"
#include "server/local_store.h"

namespace remote_dram::server {
namespace {

using std::chrono::milliseconds;

class LocalWaitTest : public testing::Test {
 protected:
  LocalWaitTest() { local_->WaitOn(&loop_.get()); }
  ~LocalWaitTest() override { local_->Stop(); }

  std::future<Result<StatResult>> Begin(const WaitOptions& options = {}) {
    auto promise = std::make_shared<std::promise<Result<StatResult>>>();
    local_->Wait("k", options, [promise](Result<StatResult> now) { promise->set_value(std::move(now)); });
    loop_.Do([] {});  // after this it is waiting
    return promise->get_future();
  }

  net::RunningLoop loop_;
  store::Store store_{store::StoreOptions{.incarnation = 77, .hash_seed = {}}};
  std::optional<LocalStore> local_{std::in_place, store_, [] { return ServerStat(); }};
};

TEST_F(LocalWaitTest, IsWokenByAChange) {
  std::future<Result<StatResult>> woken = Begin(), too = Begin();
  const Generation made = local_->Put("k", "value")->generation;
  EXPECT_EQ(woken.get()->generation, made);
  EXPECT_EQ(too.get()->value_bytes, 5u);
  EXPECT_TRUE(local_->Wait("k")->exists);  // the blocking form returns at once
}

TEST_F(LocalWaitTest, EndsAtItsDeadline) {
  WaitOptions options;
  options.timeout = milliseconds(20);
  EXPECT_EQ(local_->Wait("k", options).status().code(), StatusCode::kDeadlineExceeded);
  options.timeout = milliseconds(-1);
  EXPECT_EQ(local_->Wait("k", options).status().code(), StatusCode::kDeadlineExceeded);
}

TEST_F(LocalWaitTest, CanBeCancelledBeforeMeanwhileAndAfter) {
  WaitOptions options;
  options.cancel = Cancellation::Make();
  std::future<Result<StatResult>> meanwhile = Begin(options);
  options.cancel.Cancel();
  EXPECT_EQ(meanwhile.get().status().code(), StatusCode::kCancelled);
  EXPECT_EQ(local_->Wait("k", options).status().code(), StatusCode::kCancelled);
  PutOptions put;
  put.cancel = options.cancel;
  EXPECT_EQ(local_->Put("k", "v", put).status().code(), StatusCode::kCancelled);
  EXPECT_EQ(store_.Usage().keys, 0u);
  options.cancel = Cancellation::Make();
  std::future<Result<StatResult>> after = Begin(options);
  ASSERT_TRUE(local_->Put("k", "v").ok());
  EXPECT_TRUE(after.get().ok());
  options.cancel.Cancel();
}

TEST_F(LocalWaitTest, IsToldThatTheServerStops) {
  std::future<Result<StatResult>> waiting = Begin();
  local_->Stop();
  EXPECT_EQ(waiting.get().status().ToString(), "UNAVAILABLE: the server was stopped");
  EXPECT_EQ(local_->Wait("k").status().ToString(), "UNAVAILABLE: the server was stopped");
}

TEST_F(LocalWaitTest, ServesBatchesTransactionsAndCopies) {
  std::vector<WriteOperation> writes(2);
  writes[0].key = "a";
  writes[0].value = {"one ", "two"};
  writes[1].key = "b";
  EXPECT_EQ(local_->Transact(writes)->sequence, 1u);
  EXPECT_EQ(local_->BatchWrite(writes)->results[1]->generation, Generation::Value(77, 3));
  EXPECT_EQ(local_->CopyRange(KeyRange::Single("a"), {.strip_bytes = 1, .prefix = "c"})->keys_copied, 1u);
  std::vector<ReadOperation> reads(4);
  reads[0].key = "c";
  reads[1].key = "missing";
  reads[2].key = "a";
  reads[2].range = {0, 99};
  reads[3].key = "a";
  reads[3].range = {4, -1};
  const Result<BatchReadResult> got = local_->BatchRead(reads);
  EXPECT_EQ(got->results[0]->value.bytes(), "one two");
  EXPECT_EQ(got->results[0]->value.data(), local_->Get("a")->value.data());  // not copied: both lie in the store's memory
  EXPECT_EQ(got->results[1]->state, ReadState::kMissing);
  EXPECT_EQ(got->results[2].status().code(), StatusCode::kOutOfRange);
  EXPECT_EQ(got->results[3]->value.bytes(), "two");
  local_->Stop();
  EXPECT_EQ(got->results[0]->value.bytes(), "one two");
}

}  // namespace
}  // namespace remote_dram::server
