// The limits of batches, transactions and copies, each at its edge.
#include <gtest/gtest.h>

#include "base/validate.h"

namespace remote_dram::base {
namespace {

using Kind = WriteOperation::Kind;

WriteOperation Of(Kind kind, std::string key) {
  WriteOperation operation;
  operation.kind = kind;
  operation.key = std::move(key);
  return operation;
}

// A key of `bytes` bytes that ends in `number`.
std::string LongKey(size_t number, size_t bytes = key_bytes_max) {
  const std::string digits = std::to_string(number);
  return std::string(bytes - digits.size(), 'k') + digits;
}

TEST(ValidateBatch, KeysAndValuesOfABatchMayHaveBatchBytesMax) {
  const std::string value(batch_bytes_max - 1, 'v');
  std::vector<WriteOperation> operations = {Of(Kind::kPut, "k")};
  operations[0].value = {value};
  EXPECT_TRUE(CheckBatchWrite(operations).ok());
  operations.push_back(Of(Kind::kDelete, "k"));
  const Status status = CheckBatchWrite(operations);
  EXPECT_EQ(status.code(), StatusCode::kInvalidArgument);
  EXPECT_NE(status.message().find("67108865 bytes are over batch_bytes_max (67108864)"), std::string::npos) << status.message();
}

TEST(ValidateBatch, KeysOfAReadAndOfATransactionMayHaveBatchBytesMax) {
  static_assert(batch_operations_max * key_bytes_max == batch_bytes_max, "no batch of keys alone can be over it");
  std::vector<ReadOperation> reads(batch_operations_max);
  std::vector<WriteOperation> writes;
  for (size_t i = 0; i < batch_operations_max; ++i) writes.push_back(Of(Kind::kCheck, reads[i].key = LongKey(i)));
  EXPECT_TRUE(CheckBatchRead(reads).ok());
  EXPECT_TRUE(CheckTransaction(writes).ok());
  writes[0] = Of(Kind::kDeleteRange, LongKey(0));
  writes[0].end = "l";  // one byte more, in a second bound
  EXPECT_NE(CheckTransaction(writes).message().find("batch_bytes_max"), std::string::npos);
}

TEST(ValidateBatch, ValuesOfATransactionMayHaveTransactionBytesMax) {
  const std::string_view large("", 1);  // gives a valid pointer; the checks look only at sizes, never at the bytes
  std::vector<WriteOperation> operations = {Of(Kind::kPut, "k"), Of(Kind::kCheck, "")};
  operations[0].value = {{large.data(), transaction_bytes_max - 1}};
  EXPECT_TRUE(CheckTransaction(operations).ok());
  operations[1].key = "l";
  const Status status = CheckTransaction(operations);
  EXPECT_EQ(status.code(), StatusCode::kInvalidArgument);
  EXPECT_NE(status.message().find("transaction_bytes_max"), std::string::npos) << status.message();
}

TEST(ValidateBatch, ATransactionMayHaveTransactionKeysMaxOperations) {
  std::vector<WriteOperation> operations;
  for (size_t i = 0; i < transaction_keys_max; ++i) operations.push_back(Of(Kind::kDelete, std::to_string(i)));
  EXPECT_TRUE(CheckTransaction(operations).ok());
  operations.push_back(Of(Kind::kDelete, "one more"));
  EXPECT_NE(CheckTransaction(operations).message().find("16385 operations are over transaction_keys_max"), std::string::npos);
}

TEST(ValidateBatch, EveryKeyIsOneThatAKeyMayBe) {
  const auto names_the_limit = [](const Status& status) {
    return status.code() == StatusCode::kInvalidArgument && status.message().find("key_bytes_max") != std::string::npos;
  };
  const std::string too_long = LongKey(0, key_bytes_max + 1);
  ReadOperation read;
  read.key = too_long;
  EXPECT_TRUE(names_the_limit(CheckBatchRead({ReadOperation(), read})));
  for (const Kind kind : {Kind::kPut, Kind::kDelete}) {
    EXPECT_TRUE(names_the_limit(CheckBatchWrite({Of(Kind::kPut, ""), Of(kind, too_long)})));
  }
  for (const Kind kind : {Kind::kPut, Kind::kDelete, Kind::kCheck, Kind::kDeleteRange}) {
    EXPECT_TRUE(names_the_limit(CheckTransaction({Of(Kind::kPut, ""), Of(kind, too_long + "k")})));  // a bound may be one byte longer
  }
}

TEST(ValidateBatch, ARangeOfATransactionHasNoCondition) {
  WriteOperation range = Of(Kind::kDeleteRange, "a");
  EXPECT_TRUE(CheckTransaction({range}).ok());
  range.if_generation = Generation::Missing();
  EXPECT_NE(CheckTransaction({range}).message().find("a range has no condition"), std::string::npos);
}

TEST(ValidateBatch, ACopyMayGoWhereItsRangeDoesNotReach) {
  const auto fine = [](const KeyRange& range, size_t strip, std::string prefix) {
    return CheckCopyRange(range, {.strip_bytes = strip, .prefix = std::move(prefix)}).ok();
  };
  EXPECT_TRUE(fine(KeyRange::Prefix("a/"), 2, "b/"));
  EXPECT_TRUE(fine(KeyRange::Prefix("a/"), 0, "b/"));
  EXPECT_TRUE(fine(KeyRange::Prefix("a/"), 0, "a"));
  EXPECT_FALSE(fine(KeyRange::Prefix("a/"), 1, "a"));
  EXPECT_TRUE(fine(KeyRange::Prefix("a/b/"), 1, "c"));
  EXPECT_FALSE(fine(KeyRange::Prefix("a/b/"), 4, "a/"));  // a/b/b/x would be copied to a/b/x
  EXPECT_FALSE(fine(KeyRange::Prefix("a/b/"), 3, "a"));
  EXPECT_TRUE(fine(KeyRange::Single("ab"), 2, "a"));
  EXPECT_TRUE(fine(KeyRange::Single("a"), 0, "a"));
  EXPECT_FALSE(fine(KeyRange::Single("a"), 0, ""));
  EXPECT_TRUE(fine({"a", "c"}, 0, "c"));
  EXPECT_TRUE(fine({"b", "b"}, 0, "b"));  // the range is empty
  EXPECT_TRUE(fine({"a", "b"}, 2, "c"));  // the bounds are shorter than what is stripped
  EXPECT_FALSE(fine({"a", "b"}, 2, "a"));
  EXPECT_TRUE(fine({"aa", "b"}, 2, "c"));
  EXPECT_FALSE(fine({"aa", "b"}, 2, "a"));
  EXPECT_FALSE(fine({"a", ""}, 0, "c"));
  EXPECT_FALSE(fine(KeyRange::Prefix("\xff"), 0, "\xff"));
  EXPECT_FALSE(fine(KeyRange::Prefix("a"), key_bytes_max + 1, "b"));
  EXPECT_FALSE(fine(KeyRange::Prefix("a"), 0, std::string(key_bytes_max + 1, 'b')));
  EXPECT_FALSE(fine({std::string(key_bytes_max + 2, 'a'), ""}, 0, "b"));
}

}  // namespace
}  // namespace remote_dram::base
