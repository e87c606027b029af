// DeleteRange: exactly the range, across batches and shards.
#include <gtest/gtest.h>

#include "store/testing.h"

namespace remote_dram::store {
namespace {

TEST(DeleteRange, DeletesExactlyTheKeysOfTheRange) {
  Store store(TestOptions());
  for (const char* key : {"", "a", "a/1", "a/2", "a/\xff", "a0", "b"}) Put(store, key, "v");
  const DeleteRangeResult result = *store.DeleteRange(KeyRange::Prefix("a/"));
  EXPECT_EQ(result.keys_deleted, 3u);
  EXPECT_EQ(result.sequence, 10u);  // each deleted key drew a number of its own
  for (const char* key : {"", "a", "a0", "b"}) EXPECT_TRUE(store.Stat(key)->exists) << key;
  EXPECT_EQ(store.Usage().keys, 4u);
  EXPECT_EQ(store.DeleteRange({"b", "a"})->keys_deleted, 0u);
  EXPECT_EQ(store.DeleteRange({})->keys_deleted, 4u);
  EXPECT_EQ(store.Usage().memory_bytes, 0u);
}

TEST(DeleteRange, GoesOnBatchAfterBatch) {
  Store store(TestOptions());
  constexpr uint64_t keys = 16 * shard_batch_max * 3;
  for (uint64_t i = 0; i < keys; ++i) Put(store, "k" + std::to_string(i), "v");
  Put(store, "z", "v");
  EXPECT_EQ(store.DeleteRange({"", "z"})->keys_deleted, keys);
  EXPECT_EQ(store.Usage().keys, 1u);
  EXPECT_EQ(store.DeleteRange({})->keys_deleted, 1u);
  EXPECT_EQ(store.Usage().memory_bytes, 0u);
}

TEST(DeleteRange, RefusesABoundLongerThanAnyKey) {
  Store store(TestOptions());
  EXPECT_EQ(store.DeleteRange({std::string(key_bytes_max + 2, 'k'), ""}).status().code(),
            StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace remote_dram::store
