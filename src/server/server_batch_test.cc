// Batches, transactions, copies and waiting between a Server and its Clients, over every path.
#include <gtest/gtest.h>

#include <future>
#include <thread>

#include "server/server_testing.h"

namespace remote_dram {
namespace {

using Kind = WriteOperation::Kind;

WriteOperation PutOf(std::string key, std::string_view value, Generation if_generation = {}) {
  return {.kind = Kind::kPut, .key = std::move(key), .end = "", .value = {value}, .if_generation = if_generation};
}

class ServerBatchTest : public ServerTest {};

TEST_P(ServerBatchTest, WritesAndReadsAThousandKeysAtOnce) {
  Client writer = Connect(), reader = Connect();
  std::vector<std::string> values;
  std::vector<WriteOperation> writes;
  std::vector<ReadOperation> reads(1000);
  for (size_t i = 0; i < 1000; ++i) values.push_back(Bytes(i * 37 % 5000));
  for (size_t i = 0; i < 1000; ++i) {
    reads[i].key = "key/" + std::to_string(i);
    writes.push_back(PutOf(reads[i].key, values[i]));
  }
  const Result<BatchWriteResult> written = writer.BatchWrite(writes);
  ASSERT_TRUE(written.ok()) << written.status().ToString();
  BatchReadOptions snapshot;
  snapshot.at_one_instant = true;
  for (const Result<BatchReadResult>& got : {reader.BatchRead(reads), reader.BatchRead(reads, snapshot)}) {
    ASSERT_TRUE(got.ok()) << got.status().ToString();
    for (size_t i = 0; i < 1000; ++i) {
      ASSERT_TRUE(got->results[i]->value.bytes() == values[i]) << i;
      ASSERT_EQ(got->results[i]->generation, written->results[i]->generation);
      ASSERT_EQ(reinterpret_cast<uintptr_t>(got->results[i]->value.data()) % kValueAlignment, 0u);
    }
  }
}

TEST_P(ServerBatchTest, MovesTheLargestBatches) {
  Client client = Connect();
  const std::string quarter = Bytes(batch_bytes_max / 4 - 1);
  std::vector<WriteOperation> writes;
  std::vector<ReadOperation> reads;
  for (const char* key : {"a", "b", "c", "d"}) {
    writes.push_back(PutOf(key, quarter));
    reads.emplace_back().key = key;
  }
  const Result<BatchWriteResult> written = client.BatchWrite(writes);
  ASSERT_TRUE(written.ok()) << written.status().ToString();
  const Result<BatchReadResult> got = client.BatchRead(reads);
  ASSERT_TRUE(got.ok()) << got.status().ToString();
  for (const Result<GetResult>& each : got->results) EXPECT_TRUE(each->value.bytes() == quarter);
  std::vector<ReadOperation> most(batch_operations_max);
  for (size_t i = 0; i < most.size(); ++i) most[i].key = "missing " + std::to_string(i);
  EXPECT_EQ(client.BatchRead(most)->results.back()->state, ReadState::kMissing);
}

TEST_P(ServerBatchTest, AppliesATransactionOfLargeValues) {
  Client client = Connect(), other = Connect();
  std::vector<std::string> values;
  std::vector<WriteOperation> writes;
  for (size_t i = 0; i < 5; ++i) values.push_back(Bytes((size_t{1} << 20) + i));
  for (size_t i = 0; i < 5; ++i) writes.push_back(PutOf("large " + std::to_string(i), values[i], Generation::Missing()));
  writes.push_back(PutOf("small", "s"));
  const Result<TransactResult> result = client.Transact(writes);
  ASSERT_TRUE(result.ok()) << result.status().ToString();
  EXPECT_EQ(result->state, WriteState::kApplied);
  for (size_t i = 0; i < 5; ++i) {
    const Result<GetResult> got = other.Get(writes[i].key);
    EXPECT_TRUE(got->value.bytes() == values[i]);
    EXPECT_EQ(got->generation, result->outcomes[i].generation);
    EXPECT_EQ(got->generation.sequence(), result->sequence);
  }
  const uint64_t bytes = client.StatServer()->memory_bytes;
  const Result<TransactResult> again = client.Transact(writes);
  EXPECT_EQ(again->state, WriteState::kConditionFailed);
  EXPECT_FALSE(again->outcomes[0].matched);
  EXPECT_TRUE(again->outcomes[5].matched);
  EXPECT_EQ(client.StatServer()->memory_bytes, bytes);
}

TEST_P(ServerBatchTest, CopiesAPrefixWithoutMemoryForItsBytes) {
  Client client = Connect();
  for (const char* key : {"from/1", "from/2"}) ASSERT_TRUE(client.Put(key, Bytes(1'000'000)).ok());
  const uint64_t bytes = client.StatServer()->memory_bytes;
  const Result<CopyRangeResult> copied = client.CopyRange(KeyRange::Prefix("from/"), {.strip_bytes = 5, .prefix = "to/"});
  ASSERT_TRUE(copied.ok()) << copied.status().ToString();
  EXPECT_EQ(copied->keys_copied, 2u);
  EXPECT_LT(client.StatServer()->memory_bytes, bytes + 1000);
  EXPECT_TRUE(client.Get("to/2")->value.bytes() == Bytes(1'000'000));
}

TEST_P(ServerBatchTest, WakesAWaiterByAnyOtherClient) {
  Client waiter = Connect(), writer = Connect();
  for (const bool locally : {false, true}) {
    const Generation known = waiter.Stat("k")->generation;
    std::promise<Result<StatResult>> woken;
    WaitOptions options;
    options.while_generation = known;
    waiter.Wait("k", options, [&woken](Result<StatResult> now) { woken.set_value(std::move(now)); });
    ASSERT_TRUE(writer.Get("k").ok());
    const Generation made = locally ? server_->local().Put("k", "v")->generation : writer.Put("k", "v")->generation;
    const Result<StatResult> now = woken.get_future().get();
    ASSERT_TRUE(now.ok()) << now.status().ToString();
    EXPECT_EQ(now->generation, made);
  }
}

TEST_P(ServerBatchTest, WaitsInTheCallingThreadUntilADeadlineThatMayHavePassed) {
  Client client = Connect();
  WaitOptions options;
  options.timeout = std::chrono::milliseconds(50);
  EXPECT_EQ(client.Wait("k", options).status().code(), StatusCode::kDeadlineExceeded);
  options.timeout = std::chrono::milliseconds(-1);
  EXPECT_EQ(client.Wait("k", options).status().code(), StatusCode::kDeadlineExceeded);
  ASSERT_TRUE(client.Put("k", "v").ok());
  options.timeout = std::chrono::milliseconds(0);
  EXPECT_TRUE(client.Wait("k", options)->exists);
}

TEST_P(ServerBatchTest, TellsWaitersAtOnceThatTheServerStops) {
  Client client = Connect();
  std::promise<Status> remote, local;
  client.Wait("k", {}, [&remote](Result<StatResult> now) { remote.set_value(now.status()); });
  server_->local().Wait("k", {}, [&local](Result<StatResult> now) { local.set_value(now.status()); });
  ASSERT_TRUE(client.Get("k").ok());  // so the wait, which was sent before, has arrived
  server_->Stop(std::chrono::seconds(20));
  EXPECT_EQ(remote.get_future().get().code(), StatusCode::kUnavailable);
  EXPECT_EQ(local.get_future().get().code(), StatusCode::kUnavailable);
}

TEST_P(ServerBatchTest, RefusesBadInputByName) {
  Client client = Connect();
  for (KeyValueStore* store : {static_cast<KeyValueStore*>(&client), &server_->local()}) {
    const auto refused = [](const auto& result, const char* what) {
      return result.status().code() == StatusCode::kInvalidArgument && result.status().message().find(what) != std::string::npos;
    };
    EXPECT_TRUE(refused(store->BatchRead({}), "no operations"));
    EXPECT_TRUE(refused(store->BatchWrite({}), "no operations"));
    EXPECT_TRUE(refused(store->Transact({}), "no operations"));
    EXPECT_TRUE(refused(store->Transact({PutOf("k", "1"), PutOf("k", "2")}), "\"k\": the key is named twice"));
    EXPECT_TRUE(refused(store->BatchRead(std::vector<ReadOperation>(batch_operations_max + 1)), "batch_operations_max"));
    EXPECT_TRUE(refused(store->BatchWrite(std::vector<WriteOperation>(batch_operations_max + 1)), "batch_operations_max"));
    EXPECT_TRUE(refused(store->Transact(std::vector<WriteOperation>(transaction_keys_max + 1)), "transaction_keys_max"));
    EXPECT_TRUE(refused(store->CopyRange(KeyRange::Prefix("a"), {.strip_bytes = 0, .prefix = "ab"}), "the target lies in"));
    EXPECT_TRUE(refused(store->CopyRange(KeyRange::Prefix("a"), {.strip_bytes = 1, .prefix = "a"}), "the target lies in"));
    EXPECT_TRUE(refused(store->Wait(std::string(key_bytes_max + 1, 'k')), "key_bytes_max"));
    ReadOperation range;
    range.range = {3, 2};
    EXPECT_TRUE(refused(store->BatchRead({range})->results[0], "bytes [3, 2) is no range"));
    EXPECT_EQ(store->StatServer()->keys, 0u);
  }
}

INSTANTIATE_TEST_SUITE_P(Ways, ServerBatchTest, EveryWay(), NameOf);

}  // namespace
}  // namespace remote_dram
