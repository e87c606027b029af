// Copies inside the store: exactly the range, under new keys and generations, without new memory for the values.
#include <gtest/gtest.h>

#include "store/testing.h"

namespace remote_dram::store {
namespace {

TEST(CopyRange, GivesEveryKeyOfThePrefixANewNameAndSharesItsBytes) {
  Store store(TestOptions());
  for (const char* key : {"a", "a/1", "a/2", "a/\xff", "a0"}) Put(store, key, std::string("value of ") + key);
  Put(store, "b/1", "overwritten");
  const Generation original = Get(store, "a/1").generation;
  const CopyRangeResult result = *store.CopyRange(KeyRange::Prefix("a/"), {.strip_bytes = 2, .prefix = "b/"});
  EXPECT_EQ(result.keys_copied, 3u);
  EXPECT_EQ(result.sequence, 9u);
  EXPECT_EQ(store.List(KeyRange::Prefix("b/"), {})->entries.size(), 3u);
  for (const char* name : {"1", "2", "\xff"}) {
    const Found from = Get(store, std::string("a/") + name), to = Get(store, std::string("b/") + name);
    EXPECT_EQ(to.bytes(), from.bytes());
    EXPECT_EQ(to.bytes().data(), from.bytes().data());
    EXPECT_NE(to.generation, from.generation);
    EXPECT_GT(to.generation.sequence(), 6u);
  }
  EXPECT_EQ(Get(store, "a/1").generation, original);
  EXPECT_EQ(Get(store, "a0").bytes(), "value of a0");
}

TEST(CopyRange, ChargesNamesAndNotBytes) {
  Store store(TestOptions());
  Put(store, "a", std::string(100'000, 'x'));
  const uint64_t before = store.Usage().memory_bytes;
  ASSERT_TRUE(store.CopyRange(KeyRange::Single("a"), {.strip_bytes = 1, .prefix = "other"}).ok());
  EXPECT_EQ(store.Usage().memory_bytes, before + kEntryBytes + StrideOf(sizeof(wire::MappedLink) + 5));
  ASSERT_TRUE(store.CopyRange(KeyRange::Single("a"), {.strip_bytes = 1, .prefix = "other"}).ok());
  EXPECT_EQ(store.Usage().memory_bytes, before + kEntryBytes + StrideOf(sizeof(wire::MappedLink) + 5));
  ASSERT_TRUE(store.Delete("a", {}).ok());
  EXPECT_EQ(Get(store, "other").bytes(), std::string(100'000, 'x'));
  ASSERT_TRUE(store.Delete("other", {}).ok());
  EXPECT_EQ(store.Usage().memory_bytes, 0u);
}

TEST(CopyRange, GoesOnBatchAfterBatch) {
  Store store(TestOptions());
  constexpr uint64_t keys = 16 * shard_batch_max * 3;
  for (uint64_t i = 0; i < keys; ++i) Put(store, "k" + std::to_string(i), "v");
  EXPECT_EQ(store.CopyRange(KeyRange::Prefix("k"), {.strip_bytes = 0, .prefix = "copy/"})->keys_copied, keys);
  EXPECT_EQ(store.Usage().keys, 2 * keys);
}

TEST(CopyRange, CopiesNothingOfNothing) {
  Store store(TestOptions());
  Put(store, "k", "v");
  EXPECT_EQ(store.CopyRange({"b", "a"}, {.strip_bytes = 0, .prefix = "b"})->keys_copied, 0u);
  EXPECT_EQ(store.CopyRange(KeyRange::Prefix("none"), {.strip_bytes = 0, .prefix = "x"})->keys_copied, 0u);
}

TEST(CopyRange, StopsAtTheBudgetAndTellsHowFarItCame) {
  StoreOptions options = TestOptions();
  options.memory_limit_bytes = 10'000;
  Store store(options);
  for (int i = 0; i < 40; ++i) Put(store, "k" + std::to_string(i), "v");
  const Status status = store.CopyRange(KeyRange::Prefix("k"), {.strip_bytes = 0, .prefix = "to/"}).status();
  EXPECT_EQ(status.code(), StatusCode::kResourceExhausted);
  const uint64_t copied = store.Usage().keys - 40;
  EXPECT_GT(copied, 0u);
  EXPECT_NE(status.message().find("; " + std::to_string(copied) + " were copied before"), std::string::npos)
      << status.message();
  EXPECT_LE(store.Usage().memory_bytes, 10'000u);
}

TEST(CopyRange, RefusesNamesThatAreTooLongOrTooShort) {
  Store store(TestOptions());
  Put(store, "k", "v");
  const Status long_name =
      store.CopyRange(KeyRange::Single("k"), {.strip_bytes = 0, .prefix = std::string(key_bytes_max, 'p')}).status();
  EXPECT_EQ(long_name.code(), StatusCode::kInvalidArgument);
  EXPECT_NE(long_name.message().find("key_bytes_max"), std::string::npos) << long_name.message();
  const Status short_name = store.CopyRange(KeyRange::Prefix("k"), {.strip_bytes = 2, .prefix = "p"}).status();
  EXPECT_EQ(short_name.code(), StatusCode::kInvalidArgument);
  EXPECT_NE(short_name.message().find("strip_bytes is 2"), std::string::npos) << short_name.message();
  EXPECT_EQ(store.Usage().keys, 1u);
}

TEST(CopyRange, RefusesATargetInItsOwnRange) {
  Store store(TestOptions());
  Put(store, "a/1", "v");
  const auto code = [&store](const KeyRange& range, size_t strip, const char* prefix) {
    return store.CopyRange(range, {.strip_bytes = strip, .prefix = prefix}).status().code();
  };
  EXPECT_EQ(code(KeyRange::Prefix("a/"), 0, ""), StatusCode::kInvalidArgument);     // onto itself
  EXPECT_EQ(code(KeyRange::Prefix("a/"), 2, "a/"), StatusCode::kInvalidArgument);   // onto itself
  EXPECT_EQ(code(KeyRange::Prefix("a/"), 0, "a/b/"), StatusCode::kInvalidArgument); // into itself
  EXPECT_EQ(code(KeyRange::Single("a/1"), 3, "a/1"), StatusCode::kInvalidArgument);
  EXPECT_EQ(code({}, 0, "b/"), StatusCode::kInvalidArgument);
  EXPECT_EQ(store.Usage().keys, 1u);
  EXPECT_EQ(store.CopyRange(KeyRange::Single("a/1"), {.strip_bytes = 3, .prefix = "a/"})->keys_copied, 1u);
  EXPECT_EQ(store.CopyRange(KeyRange::Prefix("a/"), {.strip_bytes = 1, .prefix = "b"})->keys_copied, 2u);
}

}  // namespace
}  // namespace remote_dram::store
