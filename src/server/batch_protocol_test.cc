// Batches, transactions and copies in a World: one round trip; all or nothing, whenever the network breaks; and
// what a server replies to a client that checks nothing itself.
#include <cstring>

#include "server/ops.h"
#include "server/protocol_testing.h"
#include "server/staged_values.h"

namespace remote_dram {
namespace {

using Kind = WriteOperation::Kind;

WriteOperation PutOf(std::string key, std::string_view value, Generation if_generation = {}) {
  return {.kind = Kind::kPut, .key = std::move(key), .end = "", .value = {value}, .if_generation = if_generation};
}
ReadOperation ReadOf(std::string key) {
  ReadOperation operation;
  operation.key = std::move(key);
  return operation;
}

class BatchProtocolTest : public ProtocolTest {
 protected:
  void SetUp() override { ASSERT_TRUE(Open().ok()); }

  Result<BatchReadResult> Read(const std::vector<ReadOperation>& operations, bool at_one_instant = false) {
    std::optional<Result<BatchReadResult>> result;
    BatchReadOptions options;
    options.at_one_instant = at_one_instant;
    Submit(client::BatchReadCall(operations, options, Into(&result)));
    return Wait(&result);
  }
  Result<BatchWriteResult> Write(const std::vector<WriteOperation>& operations) {
    std::optional<Result<BatchWriteResult>> result;
    Submit(client::BatchWriteCall(operations, Into(&result)));
    return Wait(&result);
  }
  Result<TransactResult> Transact(const std::vector<WriteOperation>& operations) {
    std::optional<Result<TransactResult>> result;
    client::Transact(operations, 1, Submitter(), Into(&result));
    return Wait(&result);
  }
  store::Store& Store() { return host_->shared.store; }

  const std::string large_ = std::string(100'000, 'L');  // travels ahead
};

TEST_P(BatchProtocolTest, ReadsAThousandKeysInOneRoundTrip) {
  std::vector<ReadOperation> reads;
  std::vector<WriteOperation> writes;
  std::vector<std::string> values;
  for (int i = 0; i < 1000; ++i) values.emplace_back(static_cast<size_t>(i) % 300, static_cast<char>('a' + i % 26));
  for (int i = 0; i < 1000; ++i) {
    reads.push_back(ReadOf("key " + std::to_string(i)));
    writes.push_back(PutOf(reads.back().key, values[i]));
  }
  const Result<BatchWriteResult> written = Write(writes);
  ASSERT_TRUE(written.ok()) << written.status().ToString();
  const net::TimePoint asked = world_.now();
  std::optional<Result<BatchReadResult>> result;
  Submit(client::BatchReadCall(reads, {}, Into(&result)));
  while (!result) world_.RunFor(std::chrono::microseconds(10));
  // Request, keys, reply and values: at most four one-way delays, whatever the number of keys.
  EXPECT_LE(world_.now() - asked, 4 * net::sim::World::delay_max + std::chrono::microseconds(10));
  ASSERT_TRUE(result->ok()) << result->status().ToString();
  for (size_t i = 0; i < 1000; ++i) {
    const Result<GetResult>& got = (**result).results[i];
    ASSERT_EQ(got->value.bytes(), values[i]);
    ASSERT_EQ(got->generation, written->results[i]->generation);
    ASSERT_EQ(reinterpret_cast<uintptr_t>(got->value.data()) % kValueAlignment, 0u);
  }
}

TEST_P(BatchProtocolTest, AnswersEachOperationOnItsOwn) {
  const Generation a = Put("a", "0123456789")->generation;
  std::vector<ReadOperation> reads = {ReadOf("a"), ReadOf("missing"), ReadOf("a"), ReadOf("a"), ReadOf("a"), ReadOf("a")};
  reads[2].range = {2, 4};
  reads[3].range = {0, 11};
  reads[4].if_not_generation = a;
  reads[5].stat = true;
  for (const bool at_one_instant : {false, true}) {
    const Result<BatchReadResult> got = Read(reads, at_one_instant);
    ASSERT_TRUE(got.ok()) << got.status().ToString();
    EXPECT_EQ(got->sequence, 1u);
    EXPECT_EQ(got->results[0]->value.bytes(), "0123456789");
    EXPECT_EQ(got->results[1]->state, ReadState::kMissing);
    EXPECT_EQ(got->results[2]->value.bytes(), "23");
    EXPECT_EQ(got->results[2]->value_bytes, 10u);
    EXPECT_EQ(got->results[3].status().code(), StatusCode::kOutOfRange);
    EXPECT_EQ(got->results[4]->state, ReadState::kConditionFailed);
    EXPECT_EQ(got->results[4]->generation, a);
    EXPECT_EQ(got->results[5]->state, ReadState::kValue);
    EXPECT_EQ(got->results[5]->value_bytes, 10u);
    EXPECT_TRUE(got->results[5]->value.empty());
  }
  const WriteOperation deletion{.kind = Kind::kDelete, .key = "a", .end = "", .value = {}, .if_generation = a};
  const Result<BatchWriteResult> written = Write({PutOf("a", "x", Generation::Missing()), PutOf("b", "y"), deletion});
  ASSERT_TRUE(written.ok());
  EXPECT_EQ(written->results[0]->state, WriteState::kConditionFailed);
  EXPECT_EQ(written->results[1]->generation, Generation::Value(1, 2));
  EXPECT_EQ(written->results[2]->generation, Generation::Missing());
  EXPECT_EQ(written->sequence, 3u);
}

TEST_P(BatchProtocolTest, SendsTheVersionsThatItFoundAlthoughTheyAreOverwrittenMeanwhile) {
  const auto put = [this](char letter) {
    Result<store::Reservation> reserved = Store().Prepare("key", 100'000);
    std::memset(reserved->bytes().data, letter, reserved->bytes().size);
    Store().Publish(*std::move(reserved), {});
  };
  for (int step = 0; step < 30; ++step) {
    put('a');
    std::optional<Result<BatchReadResult>> result;
    Submit(client::BatchReadCall({ReadOf("key"), ReadOf("key")}, {}, Into(&result)));
    world_.RunFor(step * std::chrono::microseconds(10));
    for (const char letter : {'b', 'c', 'd'}) put(letter);  // reuses the memory of the first version
    const Result<BatchReadResult> got = Wait(&result);
    ASSERT_TRUE(got.ok()) << got.status().ToString();
    for (const Result<GetResult>& each : got->results) {
      const std::string_view bytes = each->value.bytes();
      EXPECT_EQ(bytes, std::string(100'000, bytes.front()));
    }
  }
}

TEST_P(BatchProtocolTest, AppliesATransactionWhoseLargeValuesCameAhead) {
  ASSERT_TRUE(Put("old", "old").ok());
  const Result<TransactResult> result = Transact({PutOf("large", large_), PutOf("small", "s"), PutOf("empty", ""),
                                                  {.kind = Kind::kDelete, .key = "old", .end = "", .value = {}, .if_generation = {}},
                                                  PutOf("large too", large_)});
  ASSERT_TRUE(result.ok()) << result.status().ToString();
  EXPECT_EQ(result->state, WriteState::kApplied);
  EXPECT_EQ(result->sequence, 2u);
  EXPECT_EQ(result->outcomes[4].generation, Generation::Value(1, 2));
  EXPECT_EQ(result->outcomes[3].generation, Generation::Missing());
  EXPECT_EQ(Get("large")->value.bytes(), large_);
  EXPECT_EQ(Get("large too")->value.bytes(), large_);
  EXPECT_EQ(Get("small")->value.bytes(), "s");
  EXPECT_EQ(Get("old")->state, ReadState::kMissing);
}

TEST_P(BatchProtocolTest, TellsWhichConditionFailedAndKeepsNothing) {
  const Generation a = Put("a", "1")->generation;
  const uint64_t bytes = Store().Usage().memory_bytes;
  const Result<TransactResult> result =
      Transact({PutOf("a", large_, a), PutOf("b", "2", Generation::Value(9, 9)), PutOf("c", large_, Generation::Missing())});
  ASSERT_TRUE(result.ok()) << result.status().ToString();
  EXPECT_EQ(result->state, WriteState::kConditionFailed);
  EXPECT_TRUE(result->outcomes[0].matched);
  EXPECT_FALSE(result->outcomes[1].matched);
  EXPECT_TRUE(result->outcomes[2].matched);
  EXPECT_EQ(result->outcomes[0].generation, a);
  EXPECT_EQ(Store().Usage().memory_bytes, bytes);
}

TEST_P(BatchProtocolTest, AppliesAllOfATransactionOrNothingWhereverItIsCut) {
  for (int step = 0; step < 60; ++step) {
    const std::string name = std::to_string(step);
    const std::vector<WriteOperation> writes = {PutOf("a" + name, large_), PutOf("b" + name, "s"), PutOf("c" + name, large_)};
    std::optional<Result<TransactResult>> result;
    client::Transact(writes, 1 + 10 * static_cast<uint64_t>(step), Submitter(), Into(&result));
    world_.RunFor(step * std::chrono::microseconds(10));
    network_.BreakLinks();
    const Result<TransactResult> transacted = Wait(&result);
    world_.RunFor(std::chrono::seconds(1));
    const bool there = Store().Stat(writes[0].key)->exists;
    for (const WriteOperation& each : writes) ASSERT_EQ(Store().Stat(each.key)->exists, there) << step;
    if (transacted.ok()) {
      ASSERT_TRUE(there) << step;
    } else if (!transacted.status().outcome_unknown()) {
      ASSERT_FALSE(there) << step << ": " << transacted.status().ToString();
    }
  }
  // Staged values of transactions that were not committed were freed with their session.
  const uint64_t entries = Store().Usage().keys / 3 * (2 * store::StrideOf(100'000) + store::StrideOf(1) + 3 * 200);
  EXPECT_LE(Store().Usage().memory_bytes, entries);
}

TEST_P(BatchProtocolTest, ForgetsValuesWhoseTransactionDoesNotComeAndTakesThemAgain) {
  std::shared_ptr<client::Call> commit;
  const client::Submit submit = Submitter(std::chrono::minutes(5));
  const client::Submit hold_the_first_commit = [&commit, &submit](std::shared_ptr<client::Call> call) {
    if (call->verb() != wire::Verb::kTransact || commit) return submit(std::move(call));
    commit = std::move(call);
  };
  std::optional<Result<TransactResult>> result;
  client::Transact({PutOf("a", large_), PutOf("b", large_)}, 1, hold_the_first_commit, Into(&result));
  world_.RunFor(server::staged_value_lifetime - std::chrono::seconds(1));
  ASSERT_TRUE(commit);
  EXPECT_GE(Store().Usage().memory_bytes, 2 * large_.size());
  EXPECT_EQ(Store().Usage().keys, 0u);
  world_.RunFor(std::chrono::seconds(2));
  EXPECT_EQ(Store().Usage().memory_bytes, 0u);
  submit(commit);  // too late: the client sends the transaction again
  const Result<TransactResult> transacted = Wait(&result);
  ASSERT_TRUE(transacted.ok()) << transacted.status().ToString();
  EXPECT_EQ(Get("b")->value.bytes(), large_);
}

TEST_P(BatchProtocolTest, GivesUpATransactionWhoseValuesAreAlwaysLost) {
  const client::Submit submit = Submitter();
  uint64_t commits = 0;
  const client::Submit without_values = [&submit, &commits](std::shared_ptr<client::Call> call) {
    commits += call->verb() == wire::Verb::kTransact;
    if (call->verb() == wire::Verb::kStage) std::memset(call->request().data(), 0xee, 8);  // of another transaction
    submit(std::move(call));
  };
  std::optional<Result<TransactResult>> result;
  client::Transact({PutOf("a", large_)}, 1, without_values, Into(&result));
  const Status status = Wait(&result).status();
  EXPECT_EQ(status.code(), StatusCode::kAborted) << status.ToString();
  EXPECT_FALSE(status.outcome_unknown());
  EXPECT_EQ(commits, client::transaction_rounds_max);
  EXPECT_EQ(Store().Usage().keys, 0u);
}

TEST_P(BatchProtocolTest, TellsThatAStagedValueDoesNotFit) {
  const Result<store::Reservation> taken = Store().Prepare("most of it", 900 << 20);
  const std::string value(70 << 20, 'x');
  const Status status = Transact({PutOf("a", value), PutOf("b", value)}).status();
  EXPECT_EQ(status.code(), StatusCode::kResourceExhausted) << status.ToString();
  EXPECT_FALSE(status.outcome_unknown());
  EXPECT_EQ(Store().Usage().keys, 0u);
}

TEST_P(BatchProtocolTest, CopiesAPrefix) {
  for (const char* key : {"a/1", "a/2", "b"}) ASSERT_TRUE(Put(key, key).ok());
  std::optional<Result<CopyRangeResult>> result;
  Submit(client::CopyRangeCall(KeyRange::Prefix("a/"), {.strip_bytes = 1, .prefix = "copy"}, Into(&result)));
  const Result<CopyRangeResult> copied = Wait(&result);
  ASSERT_TRUE(copied.ok()) << copied.status().ToString();
  EXPECT_EQ(copied->keys_copied, 2u);
  EXPECT_EQ(copied->sequence, 5u);
  EXPECT_EQ(Get("copy/2")->value.bytes(), "a/2");
}

TEST_P(BatchProtocolTest, ServesBatchesOfAFullStore) {
  while (true) {
    Result<store::Reservation> reserved = Store().Prepare("k" + std::to_string(Store().Usage().keys), 50 << 20);
    if (!reserved.ok()) break;
    Store().Publish(*std::move(reserved), {});
  }
  std::vector<ReadOperation> stats(1000, ReadOf("k0"));
  for (ReadOperation& each : stats) each.stat = true;
  EXPECT_TRUE(Read(stats).ok());
  EXPECT_TRUE(Write({{.kind = Kind::kDelete, .key = "k0", .end = "", .value = {}, .if_generation = {}}})->results[0].ok());
}

// With a client that skips its own checks.
TEST_P(BatchProtocolTest, RefusesWhatMakesNoSense) {
  const auto text = [](const auto& result) { return result.status().ToString(); };
  EXPECT_NE(text(Read({})).find("INVALID_ARGUMENT: batch read: malformed request: a batch of no operations"), std::string::npos)
      << text(Read({}));
  EXPECT_NE(text(Read(std::vector<ReadOperation>(batch_operations_max + 1))).find("batch_operations_max"), std::string::npos);
  EXPECT_NE(text(Transact({PutOf("k", "1"), PutOf("k", "2")})).find("INVALID_ARGUMENT: transact \"k\": the key is named twice"),
            std::string::npos);
  EXPECT_NE(text(Transact({})).find("a batch of no operations"), std::string::npos);
  WriteOperation check;
  check.kind = Kind::kCheck;
  EXPECT_NE(text(Write({check})).find("neither a put nor a delete"), std::string::npos);
  EXPECT_NE(text(Write({PutOf(std::string(key_bytes_max + 1, 'k'), "")})).find("key_bytes_max"), std::string::npos);
  const std::string too_much(batch_bytes_max + server::batch_entries_bytes_max, 'x');
  EXPECT_NE(text(Write({PutOf("k", too_much)})).find("INVALID_ARGUMENT: batch write: a batch of"), std::string::npos);
  const std::string a_little_too_much(batch_bytes_max, 'x');
  EXPECT_NE(text(Write({PutOf("k", a_little_too_much)})).find("over batch_bytes_max"), std::string::npos);
  const std::string half(batch_reply_bytes_max / 2 + 1, 'x');
  ASSERT_TRUE(Put("half", half).ok());
  EXPECT_NE(text(Read({ReadOf("half"), ReadOf("half")})).find("RESOURCE_EXHAUSTED: batch read: "), std::string::npos);
  EXPECT_NE(text(Read({ReadOf("half"), ReadOf("half")})).find("batch_reply_bytes_max"), std::string::npos);
  std::optional<Result<CopyRangeResult>> result;
  Submit(client::CopyRangeCall(KeyRange::Prefix("a"), {.strip_bytes = 0, .prefix = "ab"}, Into(&result)));
  EXPECT_EQ(Wait(&result).status().code(), StatusCode::kInvalidArgument);
  EXPECT_EQ(Store().Usage().keys, 1u);
  EXPECT_EQ(Get("k")->state, ReadState::kMissing);  // and the session goes on
}

INSTANTIATE_TEST_SUITE_P(Seeds, BatchProtocolTest, testing::Range(uint64_t{1}, uint64_t{6}));

}  // namespace
}  // namespace remote_dram
