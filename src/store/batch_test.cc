// Batches: each operation has its own result; a batch is refused as a whole only for reasons that concern all of it.
#include <gtest/gtest.h>

#include "store/testing.h"

namespace remote_dram::store {
namespace {

using Kind = WriteOperation::Kind;

ReadOperation Of(std::string key, ByteRange range = {}) {
  ReadOperation operation;
  operation.key = std::move(key);
  operation.range = range;
  return operation;
}

class BatchReads : public testing::TestWithParam<bool> {
 protected:
  Result<FoundMany> Try(const std::vector<ReadOperation>& operations) {
    return store_.BatchRead(base::ViewsOf(operations), GetParam());
  }
  FoundMany Read(const std::vector<ReadOperation>& operations) {
    Result<FoundMany> many = Try(operations);
    EXPECT_TRUE(many.ok()) << many.status().ToString();
    return many.ok() ? *std::move(many) : FoundMany();
  }

  Store store_{TestOptions()};
};

TEST_P(BatchReads, AnswerEachOperationOnItsOwn) {
  const Generation a = Put(store_, "a", "0123456789").generation;
  std::vector<ReadOperation> operations = {Of("a"),          Of("missing"),   Of("a", {2, 4}), Of("a", {-3, -1}),
                                           Of("a", {0, 11}), Of("a", {5, 2}), Of("a"),         Of("a"), Of("a", {5, 2})};
  operations[6].if_generation = Generation::Missing();
  operations[7].if_not_generation = a;
  operations[8].stat = true;
  const FoundMany many = Read(operations);
  ASSERT_EQ(many.results.size(), 9u);
  EXPECT_EQ(many.sequence, 1u);
  EXPECT_EQ(many.results[0]->bytes(), "0123456789");
  EXPECT_EQ(many.results[0]->generation, a);
  EXPECT_EQ(many.results[1]->state, ReadState::kMissing);
  EXPECT_EQ(many.results[2]->bytes(), "23");
  EXPECT_EQ(many.results[2]->value_bytes, 10u);
  EXPECT_EQ(many.results[3]->bytes(), "789");
  EXPECT_EQ(many.results[4].status().code(), StatusCode::kOutOfRange);
  EXPECT_EQ(many.results[5].status().code(), StatusCode::kInvalidArgument);
  EXPECT_NE(many.results[5].status().message().find("get \"a\": bytes [5, 2)"), std::string::npos);
  EXPECT_EQ(many.results[6]->state, ReadState::kConditionFailed);
  EXPECT_EQ(many.results[7]->state, ReadState::kConditionFailed);
  EXPECT_EQ(many.results[7]->generation, a);
  EXPECT_EQ(many.results[8]->state, ReadState::kValue);
  EXPECT_EQ(many.results[8]->value_bytes, 10u);
  EXPECT_EQ(many.results[8]->size, 0u);
}

TEST_P(BatchReads, AreRefusedByName) {
  const auto refusal = [this](const std::vector<ReadOperation>& operations) { return Try(operations).status().ToString(); };
  EXPECT_NE(refusal({}).find("INVALID_ARGUMENT: batch read: no operations"), std::string::npos);
  EXPECT_NE(refusal({Of(std::string(key_bytes_max + 1, 'k'))}).find("key_bytes_max"), std::string::npos);
  const std::vector<ReadOperation> most(batch_operations_max), too_many(batch_operations_max + 1);
  EXPECT_EQ(refusal(most), "OK");
  EXPECT_NE(refusal(too_many).find("INVALID_ARGUMENT: batch read: 16385 operations are over batch_operations_max"),
            std::string::npos);
}

TEST_P(BatchReads, AreRefusedWholeByOneByteBeyondTheReplyLimit) {
  Put(store_, "large", std::string(batch_reply_bytes_max / 2, 'x'));
  Put(store_, "byte", "x");
  EXPECT_TRUE(Try({Of("large"), Of("large")}).ok());
  const Status status = Try({Of("large"), Of("large"), Of("byte")}).status();
  EXPECT_EQ(status.code(), StatusCode::kResourceExhausted);
  EXPECT_NE(status.message().find("batch_reply_bytes_max"), std::string::npos) << status.message();
  ReadOperation stat = Of("byte");
  stat.stat = true;
  EXPECT_TRUE(Try({Of("large"), Of("large"), stat}).ok());
}

INSTANTIATE_TEST_SUITE_P(AtOneInstantOrNot, BatchReads, testing::Bool());

TEST(BatchWrite, AnswersEachOperationOnItsOwn) {
  StoreOptions options = TestOptions();
  options.memory_limit_bytes = 100'000;
  options.value_bytes_max = 90'000;
  Store store(options);
  const std::string large(60'000, 'x'), too_large(90'001, 'x');
  std::vector<WriteOperation> operations(6);
  operations[0] = {.kind = Kind::kPut, .key = "a", .end = "", .value = {"one ", "", "two"}, .if_generation = {}};
  operations[1] = {.kind = Kind::kPut, .key = "a", .end = "", .value = {}, .if_generation = Generation::Missing()};
  operations[2] = {.kind = Kind::kPut, .key = "b", .end = "", .value = {large}, .if_generation = {}};
  operations[3] = {.kind = Kind::kPut, .key = "c", .end = "", .value = {large}, .if_generation = {}};
  operations[4] = {.kind = Kind::kPut, .key = "d", .end = "", .value = {too_large}, .if_generation = {}};
  operations[5] = {.kind = Kind::kDelete, .key = "b", .end = "", .value = {}, .if_generation = {}};
  const Result<BatchWriteResult> written = store.BatchWrite(operations);
  ASSERT_TRUE(written.ok()) << written.status().ToString();
  EXPECT_EQ(written->results[0]->generation, Generation::Value(kTestIncarnation, 1));
  EXPECT_EQ(written->results[1]->state, WriteState::kConditionFailed);
  EXPECT_EQ(written->results[2]->state, WriteState::kApplied);
  EXPECT_EQ(written->results[3].status().code(), StatusCode::kResourceExhausted);
  EXPECT_EQ(written->results[4].status().code(), StatusCode::kInvalidArgument);
  EXPECT_EQ(written->results[5]->generation, Generation::Missing());
  EXPECT_EQ(written->sequence, 3u);
  EXPECT_EQ(Get(store, "a").bytes(), "one two");
  EXPECT_EQ(store.Usage().keys, 1u);
}

TEST(BatchWrite, IsRefusedByName) {
  Store store(TestOptions());
  EXPECT_NE(store.BatchWrite({}).status().message().find("no operations"), std::string::npos);
  for (const Kind kind : {Kind::kCheck, Kind::kDeleteRange}) {
    std::vector<WriteOperation> operations(2);
    operations[1].kind = kind;
    operations[1].key = "k";
    EXPECT_EQ(store.BatchWrite(operations).status().code(), StatusCode::kInvalidArgument);
    EXPECT_NE(store.BatchWrite(operations).status().message().find("\"k\": neither a put nor a delete"), std::string::npos);
  }
  EXPECT_EQ(store.Usage().keys, 0u);
}

}  // namespace
}  // namespace remote_dram::store
