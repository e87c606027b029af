// LocalStore: the KeyValueStore interface without a network.
#include "server/local_store.h"

#include <gtest/gtest.h>

#include <cstring>
#include <optional>
#include <string>
#include <thread>

namespace remote_dram::server {
namespace {

store::StoreOptions Options() {
  store::StoreOptions options;
  options.incarnation = 77;
  return options;
}

ServerStat ServerSays() {
  ServerStat stat;
  stat.keys = 3;
  return stat;
}

class LocalStoreTest : public testing::Test {
 protected:
  std::optional<store::Store> store_{Options()};
  std::optional<LocalStore> local_{std::in_place, *store_, ServerSays};
};

TEST_F(LocalStoreTest, PutsPiecesAndGetsTheirConcatenation) {
  const WriteResult written = *local_->Put("k", Pieces{"one ", "", std::string_view(), "two"});
  EXPECT_EQ(written.generation, Generation::Value(77, 1));
  const GetResult got = *local_->Get("k");
  EXPECT_EQ(got.state, ReadState::kValue);
  EXPECT_EQ(got.value.bytes(), "one two");
  EXPECT_EQ(got.generation, written.generation);
  EXPECT_EQ(got.value_bytes, 7u);
  EXPECT_EQ(local_->Put("k", Pieces{})->state, WriteState::kApplied);
  EXPECT_EQ(local_->Get("k")->state, ReadState::kValue);
  EXPECT_TRUE(local_->Get("k")->value.empty());
}

TEST_F(LocalStoreTest, ReturnsTheStoresOwnMemory) {
  ASSERT_TRUE(local_->Put("k", "0123456789").ok());
  const GetResult a = *local_->Get("k");
  GetOptions part;
  part.range = {4, -1};
  const GetResult b = *local_->Get("k", part);
  EXPECT_EQ(b.value.data(), a.value.data() + 4);
  EXPECT_EQ(b.value.bytes(), "456789");
  EXPECT_EQ(b.value_bytes, 10u);
}

TEST_F(LocalStoreTest, ReadsIntoTheCallersMemoryIfItFits) {
  ASSERT_TRUE(local_->Put("k", "0123456789").ok());
  char memory[10] = {};
  GetOptions options;
  options.into = {memory, sizeof memory};
  const GetResult got = *local_->Get("k", options);
  EXPECT_EQ(got.value.data(), memory);
  EXPECT_EQ(std::string_view(memory, 10), "0123456789");
  EXPECT_EQ(got.value.owner(), nullptr);
  options.into = {memory, 9};
  const Status over = local_->Get("k", options).status();
  EXPECT_EQ(over.code(), StatusCode::kOutOfRange);
  EXPECT_NE(over.message().find("10 bytes do not fit into the caller's 9"), std::string::npos);
  options.range = {-9, -1};
  EXPECT_EQ(local_->Get("k", options)->value.bytes(), "123456789");
}

TEST_F(LocalStoreTest, PassesConditionsOn) {
  const Generation first = local_->Put("k", "1")->generation;
  PutOptions put;
  put.if_generation = Generation::Missing();
  EXPECT_EQ(local_->Put("k", "2", put)->state, WriteState::kConditionFailed);
  GetOptions get;
  get.if_not_generation = first;
  EXPECT_EQ(local_->Get("k", get)->state, ReadState::kConditionFailed);
  get = {};
  get.if_generation = Generation::Foreign();
  EXPECT_EQ(local_->Get("k", get)->state, ReadState::kConditionFailed);
  DeleteOptions remove;
  remove.if_generation = Generation::Missing();
  EXPECT_EQ(local_->Delete("k", remove)->state, WriteState::kConditionFailed);
  remove.if_generation = first;
  EXPECT_EQ(local_->Delete("k", remove)->state, WriteState::kApplied);
  EXPECT_EQ(local_->Get("k")->state, ReadState::kMissing);
}

TEST_F(LocalStoreTest, ListsStatsAndDeletesRanges) {
  for (const char* key : {"a/1", "a/2", "b"}) ASSERT_TRUE(local_->Put(key, "value").ok());
  EXPECT_EQ(local_->List(KeyRange::Prefix("a/"))->entries.size(), 2u);
  EXPECT_EQ(local_->Stat("b")->value_bytes, 5u);
  EXPECT_EQ(local_->DeleteRange(KeyRange::Prefix("a/"))->keys_deleted, 2u);
}

TEST_F(LocalStoreTest, AddsToTheServersStatHowItIsReached) {
  const ServerStat stat = *local_->StatServer();
  EXPECT_EQ(stat.keys, ServerSays().keys);
  EXPECT_EQ(stat.path, "local");
  EXPECT_EQ(stat.address, "local");
}

TEST_F(LocalStoreTest, CompletesOnAnotherThreadEvenIfItIsDestroyedAtOnce) {
  std::thread::id ran_on;
  int completions = 0;
  for (int i = 0; i < 50; ++i) {
    local_->Put("k", Pieces{"v"}, {}, [&ran_on, &completions](Result<WriteResult> result) {
      EXPECT_TRUE(result.ok());
      ran_on = std::this_thread::get_id();
      ++completions;
    });
  }
  local_.reset();
  EXPECT_EQ(completions, 50);
  EXPECT_NE(ran_on, std::this_thread::get_id());
}

TEST_F(LocalStoreTest, ACompletionMayMakeAWaitingCall) {
  std::string value;
  Latch done;
  local_->Put("k", Pieces{"v"}, {}, [this, &value, &done](Result<WriteResult>) {
    value = local_->Get("k")->value.bytes();
    done.Set();
  });
  done.Wait();
  EXPECT_EQ(value, "v");
}

TEST_F(LocalStoreTest, ACallWithinAWaitingOneIsCompletedElsewhere) {
  Latch done;
  std::thread::id ran_on;
  LocalStore* self = nullptr;
  LocalStore local(*store_, [&self, &done, &ran_on] {
    self->Stat("k", {}, [&done, &ran_on](Result<StatResult>) {
      ran_on = std::this_thread::get_id();
      done.Set();
    });
    return ServerStat();
  });
  self = &local;
  ASSERT_TRUE(local.StatServer().ok());
  done.Wait();
  EXPECT_NE(ran_on, std::this_thread::get_id());
}

TEST_F(LocalStoreTest, FailsEveryCallAfterStop) {
  ASSERT_TRUE(local_->Put("k", "v").ok());
  local_->Stop();
  for (const Status& status :
       {local_->Get("k").status(), local_->Put("k", "w").status(), local_->Delete("k").status(),
        local_->DeleteRange({}).status(), local_->List({}).status(), local_->Stat("k").status(),
        local_->StatServer().status(), local_->BatchRead({{}}).status(), local_->BatchWrite({{}}).status(),
        local_->Transact({{}}).status(), local_->CopyRange({}, {}).status(), local_->Wait("k").status()}) {
    EXPECT_EQ(status.ToString(), "UNAVAILABLE: the server was stopped");
    EXPECT_FALSE(status.outcome_unknown());
  }
  EXPECT_EQ(store_->Usage().keys, 1u);
}

TEST_F(LocalStoreTest, AValueOutlivesTheStore) {
  ASSERT_TRUE(local_->Put("k", "kept").ok());
  const Value value = local_->Get("k")->value;
  local_.reset();
  store_.reset();
  EXPECT_EQ(value.bytes(), "kept");
}

}  // namespace
}  // namespace remote_dram::server
