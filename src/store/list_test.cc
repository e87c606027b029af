// List: order, bounds, pages, and the two limits of a page.
#include <gtest/gtest.h>

#include <set>

#include "store/testing.h"

namespace remote_dram::store {
namespace {

ListOptions Page(uint32_t entries_max, std::optional<std::string> after = {}) {
  ListOptions options;
  options.entries_max = entries_max;
  options.after = std::move(after);
  return options;
}

std::vector<std::string> KeysOf(const ListPage& page) {
  std::vector<std::string> keys;
  for (const ListEntry& entry : page.entries) keys.push_back(entry.key);
  return keys;
}

using Keys = std::vector<std::string>;

TEST(List, ShowsTheKeysOfARangeInOrderWithTheirSizes) {
  Store store(TestOptions());
  for (const char* key : {"b", "a/2", "", "a", "a0", "a/1", "\xff"}) Put(store, key, key);
  const ListPage all = *store.List({}, {});
  EXPECT_EQ(KeysOf(all), (Keys{"", "a", "a/1", "a/2", "a0", "b", "\xff"}));
  for (const ListEntry& entry : all.entries) EXPECT_EQ(entry.value_bytes, entry.key.size());
  EXPECT_FALSE(all.more);
  EXPECT_EQ(all.sequence, 7u);
  EXPECT_EQ(KeysOf(*store.List(KeyRange::Prefix("a/"), {})), (Keys{"a/1", "a/2"}));
  EXPECT_EQ(KeysOf(*store.List({"a", "b"}, {})), (Keys{"a", "a/1", "a/2", "a0"}));
  EXPECT_EQ(KeysOf(*store.List({"b", "a"}, {})), Keys{});
}

TEST(List, ResumesAfterAKeyWhetherItExistsOrNot) {
  Store store(TestOptions());
  for (const char* key : {"", "a", "b", "c", "d"}) Put(store, key, "v");
  EXPECT_EQ(KeysOf(*store.List({}, Page(9, ""))), (Keys{"a", "b", "c", "d"}));
  EXPECT_EQ(KeysOf(*store.List({}, Page(9, "b"))), (Keys{"c", "d"}));
  EXPECT_EQ(KeysOf(*store.List({}, Page(9, "bb"))), (Keys{"c", "d"}));
  EXPECT_EQ(KeysOf(*store.List({"b", ""}, Page(9, "a"))), (Keys{"b", "c", "d"}));
  EXPECT_EQ(KeysOf(*store.List({"", "c"}, Page(9, "a"))), (Keys{"b"}));
  EXPECT_EQ(KeysOf(*store.List({}, Page(9, "d"))), Keys{});
}

TEST(List, IgnoresAKeyToResumeAfterThatLiesBeforeTheRange) {
  Store store(TestOptions());
  for (char c = 'b'; c <= 'z'; ++c) Put(store, "a" + std::string(1, c), "v");  // in every shard
  for (char c = 'b'; c <= 'z'; ++c) Put(store, "k" + std::string(1, c), "v");
  EXPECT_EQ(store.List({"k", ""}, Page(99, "a"))->entries.size(), 25u);
}

TEST(List, IsEmptyAfterAKeyBeyondTheRangeAndOfARangeThatEndsBeforeItBegins) {
  Store store(TestOptions());
  for (char c = 'b'; c <= 'z'; ++c) Put(store, "k" + std::string(1, c), "v");  // in every shard
  for (char c = 'b'; c <= 'z'; ++c) Put(store, "m" + std::string(1, c), "v");
  EXPECT_EQ(KeysOf(*store.List({"", "k"}, Page(99, "l"))), Keys{});
  EXPECT_EQ(KeysOf(*store.List({"l", "k"}, {})), Keys{});
  EXPECT_EQ(store.List({"k", "l"}, {})->entries.size(), 25u);
}

TEST(List, SaysThatThereIsMoreExactlyWhenThereIs) {
  Store store(TestOptions());
  for (const char* key : {"a", "b", "c"}) Put(store, key, "v");
  EXPECT_TRUE(store.List({}, Page(2))->more);
  EXPECT_EQ(KeysOf(*store.List({}, Page(2))), (Keys{"a", "b"}));
  EXPECT_FALSE(store.List({}, Page(3))->more);
  EXPECT_FALSE(store.List({"", "c"}, Page(2))->more);
  EXPECT_FALSE(store.List({}, Page(2, "b"))->more);
}

TEST(List, PagesOfAnySizeAddUpToTheWhole) {
  Store store(TestOptions());
  std::set<std::string> written;
  for (int i = 0; i < 10000; ++i) {
    const std::string key = std::to_string(i * 7919 % 10007);
    written.insert(key);
    Put(store, key, "v");
  }
  for (const uint32_t entries_max : {1u, 7u, 256u, 4097u, list_entries_max}) {
    Keys listed;
    ListOptions options = Page(entries_max);
    for (ListPage page; listed.empty() || page.more; options.after = listed.back()) {
      page = *store.List({}, options);
      ASSERT_LE(page.entries.size(), entries_max);
      ASSERT_FALSE(page.entries.empty());
      ASSERT_LE(listed.size(), written.size());  // otherwise the loop might never end
      for (ListEntry& entry : page.entries) listed.push_back(std::move(entry.key));
    }
    EXPECT_EQ(listed, Keys(written.begin(), written.end())) << entries_max;
  }
}

TEST(List, EndsAPageBeforeItGrowsPastItsBytes) {
  Store store(TestOptions());
  for (int i = 0; i < 1000; ++i) {
    std::string key = std::to_string(1000 + i);
    key.resize(key_bytes_max, 'x');
    Put(store, key, "");
  }
  const ListPage page = *store.List({}, {});
  EXPECT_TRUE(page.more);
  EXPECT_EQ(page.entries.size(), list_page_bytes_max / (key_bytes_max + 16));
}

TEST(List, RefusesAPageOfNoEntriesAndOneOverTheLimit) {
  Store store(TestOptions());
  EXPECT_EQ(store.List({}, Page(0)).status().code(), StatusCode::kInvalidArgument);
  EXPECT_EQ(store.List({}, Page(list_entries_max + 1)).status().code(), StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace remote_dram::store
