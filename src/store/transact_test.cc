// Transactions: all changes if every condition holds, otherwise none; what is refused, and with which error.
#include <gtest/gtest.h>

#include "store/testing.h"

namespace remote_dram::store {
namespace {

using Kind = WriteOperation::Kind;

WriteOperation CheckOf(std::string key, Generation if_generation) {
  return {.kind = Kind::kCheck, .key = std::move(key), .end = "", .value = {}, .if_generation = if_generation};
}
WriteOperation DeleteRangeOf(KeyRange range) {
  return {.kind = Kind::kDeleteRange, .key = range.begin, .end = range.end, .value = {}, .if_generation = {}};
}

Generation Now(const Store& store, std::string_view key) { return Get(store, key).generation; }
std::string Text(const Store& store, std::string_view key) { return std::string(Get(store, key).bytes()); }

class Transactions : public testing::Test {
 protected:
  TransactResult Apply(const std::vector<WriteOperation>& operations) {
    const Result<TransactResult> result = store_.Transact(operations);
    EXPECT_TRUE(result.ok()) << result.status().ToString();
    return result.ok() ? *result : TransactResult();
  }
  std::string Refusal(const std::vector<WriteOperation>& operations) {
    return store_.Transact(operations).status().ToString();
  }

  Store store_{TestOptions()};
};

TEST_F(Transactions, WriteAllTheirKeysUnderOneSequence) {
  Put(store_, "old", "1");
  Put(store_, "gone", "1");
  const TransactResult result = Apply({PutOf("old", "2"), PutOf("new", "two words"), DeleteOf("gone")});
  EXPECT_EQ(result.state, WriteState::kApplied);
  EXPECT_EQ(result.sequence, 3u);
  const Generation made = Generation::Value(kTestIncarnation, 3);
  ASSERT_EQ(result.outcomes.size(), 3u);
  EXPECT_EQ(result.outcomes[0].generation, made);
  EXPECT_EQ(result.outcomes[1].generation, made);
  EXPECT_EQ(result.outcomes[2].generation, Generation::Missing());
  EXPECT_EQ(Text(store_, "old"), "2");
  EXPECT_EQ(Text(store_, "new"), "two words");
  EXPECT_EQ(Now(store_, "new"), made);
  EXPECT_FALSE(store_.Stat("gone")->exists);
  EXPECT_EQ(store_.Usage().sequence, 3u);
}

TEST_F(Transactions, ChangeNothingIfOneConditionFailsAndSayWhich) {
  const Generation a = Put(store_, "a", "1").generation, b = Put(store_, "b", "1").generation;
  const uint64_t bytes = store_.Usage().memory_bytes;
  for (const size_t broken : {0, 1, 2, 3}) {
    const auto expected = [broken](size_t i, const Generation& right) { return i == broken ? Generation::Foreign() : right; };
    const TransactResult result =
        Apply({PutOf("a", "2", expected(0, a)), DeleteOf("b", expected(1, b)),
               PutOf("c", "2", expected(2, Generation::Missing())), CheckOf("d", expected(3, Generation::Missing()))});
    EXPECT_EQ(result.state, WriteState::kConditionFailed);
    EXPECT_EQ(result.sequence, 2u);
    for (size_t i = 0; i < 4; ++i) EXPECT_EQ(result.outcomes[i].matched, i != broken) << i;
    EXPECT_EQ(result.outcomes[0].generation, a);
    EXPECT_EQ(result.outcomes[1].generation, b);
    EXPECT_EQ(result.outcomes[2].generation, Generation::Missing());
    EXPECT_EQ(Text(store_, "a") + Text(store_, "b"), "11");
    EXPECT_EQ(store_.Usage().keys, 2u);
    EXPECT_EQ(store_.Usage().memory_bytes, bytes);
  }
}

TEST_F(Transactions, TellEveryConditionThatFailed) {
  Put(store_, "a", "1");
  const TransactResult result = Apply(
      {PutOf("a", "2", Generation::Missing()), CheckOf("b", Generation::Value(1, 1)), PutOf("c", "2")});
  EXPECT_FALSE(result.outcomes[0].matched);
  EXPECT_FALSE(result.outcomes[1].matched);
  EXPECT_TRUE(result.outcomes[2].matched);
}

TEST_F(Transactions, CheckWithoutChanging) {
  const Generation a = Put(store_, "a", "1").generation;
  const TransactResult result = Apply({CheckOf("a", a), CheckOf("b", Generation::Missing()), CheckOf("c", {})});
  EXPECT_EQ(result.state, WriteState::kApplied);
  EXPECT_EQ(result.outcomes[0].generation, a);
  EXPECT_EQ(result.outcomes[1].generation, Generation::Missing());
  EXPECT_EQ(Now(store_, "a"), a);
  EXPECT_EQ(store_.Usage().keys, 1u);
}

TEST_F(Transactions, DeleteRangesBeforeTheyPut) {
  for (const char* key : {"a/1", "a/2", "a/3", "b"}) Put(store_, key, "old");
  const Generation second = Now(store_, "a/2");
  const TransactResult result = Apply(
      {PutOf("a/1", "new"), DeleteRangeOf(KeyRange::Prefix("a/")), CheckOf("a/2", second), PutOf("a/4", "new")});
  EXPECT_EQ(result.state, WriteState::kApplied);
  EXPECT_EQ(result.outcomes[0].generation, Generation::Value(kTestIncarnation, 5));
  EXPECT_EQ(result.outcomes[2].generation, Generation::Missing());  // the state after the transaction
  const ListPage page = *store_.List({}, {});
  ASSERT_EQ(page.entries.size(), 3u);
  EXPECT_EQ(page.entries[0].key + page.entries[1].key + page.entries[2].key, "a/1a/4b");
  EXPECT_EQ(Text(store_, "a/1"), "new");
  EXPECT_EQ(Apply({DeleteRangeOf({})}).state, WriteState::kApplied);
  EXPECT_EQ(store_.Usage().keys, 0u);
  EXPECT_EQ(store_.Usage().memory_bytes, 0u);
}

TEST_F(Transactions, LeaveRangesAloneIfAConditionFails) {
  Put(store_, "a", "1");
  EXPECT_EQ(Apply({DeleteRangeOf({}), CheckOf("a", Generation::Missing())}).state, WriteState::kConditionFailed);
  EXPECT_EQ(store_.Usage().keys, 1u);
}

TEST_F(Transactions, UseTheValuesThatCameAhead) {
  Ahead ahead;
  Reservation value = *store_.Prepare("a", 5);
  std::copy_n("ahead", 5, value.bytes().data);
  const char* const place = value.bytes().data;
  ahead.emplace("a", std::move(value));
  ASSERT_TRUE(store_.Transact({PutOf("a", ""), PutOf("b", "along")}, std::move(ahead)).ok());
  EXPECT_EQ(Text(store_, "a"), "ahead");
  EXPECT_EQ(Get(store_, "a").bytes().data(), place);
  EXPECT_EQ(Text(store_, "b"), "along");
}

TEST_F(Transactions, TakeOneKeyOfAnySizeAndManyInEveryShard) {
  EXPECT_EQ(Apply({PutOf("", "empty key")}).state, WriteState::kApplied);
  std::vector<WriteOperation> operations;
  for (int i = 0; i < 1000; ++i) operations.push_back(PutOf("k" + std::to_string(i), "v"));
  EXPECT_EQ(Apply(operations).state, WriteState::kApplied);
  EXPECT_EQ(store_.Usage().keys, 1001u);
  for (WriteOperation& each : operations) each.kind = Kind::kDelete;
  EXPECT_EQ(Apply(operations).state, WriteState::kApplied);
  EXPECT_EQ(store_.Usage().keys, 1u);
}

TEST_F(Transactions, AreRefusedWholeWhenAValueDoesNotFit) {
  StoreOptions options = TestOptions();
  options.memory_limit_bytes = 100'000;
  Store store(options);
  Put(store, "a", "1");
  const uint64_t bytes = store.Usage().memory_bytes;
  const std::string large(60'000, 'x');
  const Status status = store.Transact({PutOf("a", large), PutOf("b", large)}).status();
  EXPECT_EQ(status.code(), StatusCode::kResourceExhausted);
  EXPECT_NE(status.message().find("put \"b\""), std::string::npos) << status.message();
  EXPECT_NE(status.message().find("memory_limit_bytes"), std::string::npos) << status.message();
  EXPECT_EQ(Text(store, "a"), "1");
  EXPECT_EQ(store.Usage().memory_bytes, bytes);
}

TEST_F(Transactions, AreRefusedByName) {
  EXPECT_NE(Refusal({}).find("INVALID_ARGUMENT: transact: no operations"), std::string::npos);
  EXPECT_NE(Refusal({PutOf("twice", "1"), DeleteOf("twice")}).find("\"twice\": the key is named twice"), std::string::npos);
  EXPECT_EQ(Refusal({DeleteRangeOf({"k", ""}), DeleteRangeOf({"k", ""}), PutOf("k", "v")}), "OK");
  EXPECT_NE(Refusal({PutOf(std::string(key_bytes_max + 1, 'k'), "")}).find("key_bytes_max"), std::string::npos);
  EXPECT_NE(Refusal(std::vector<WriteOperation>(transaction_keys_max + 1)).find("transaction_keys_max"), std::string::npos);
}

}  // namespace
}  // namespace remote_dram::store
