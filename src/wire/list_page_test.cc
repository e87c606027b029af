// A page of a listing: packed and unpacked, at its limits, truncated at every size, and random bytes.
#include "wire/list_page.h"

#include "wire/testing.h"

namespace remote_dram::wire {
namespace {

using Entries = std::vector<ListEntry>;

std::string Unpacked(std::string_view page, uint32_t count, Entries* entries) {
  const Exactly input(page);
  const char* fault = UnpackList(input.view(), count, entries);
  return fault == nullptr ? "" : fault;
}

std::string Refused(std::string_view page, uint32_t count) {
  Entries entries;
  return Unpacked(page, count, &entries);
}

const Entries& Three() {
  static const Entries entries = {{"", 0}, {std::string("a\0b", 3), 7}, {"\xff\xfe", UINT64_MAX}};
  return entries;
}

TEST(ListPage, GivesBackEveryEntry) {
  Entries entries = {{"left over", 1}};
  ASSERT_EQ(Unpacked(PackList(Three()), 3, &entries), "");
  ASSERT_EQ(entries.size(), 3u);
  for (size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(entries[i].key, Three()[i].key);
    EXPECT_EQ(entries[i].value_bytes, Three()[i].value_bytes);
  }
}

TEST(ListPage, MayBeEmpty) {
  EXPECT_EQ(PackList({}), "");
  EXPECT_EQ(Refused("", 0), "");
}

TEST(ListPage, IsSizeKeySizeAndKeyForEachEntry) {
  const std::string page = PackList({{"ab", 0x0102}});
  EXPECT_EQ(page, std::string("\x02\x01\0\0\0\0\0\0\x02\0\0\0\0\0\0\0ab", 18));
}

TEST(ListPage, RefusesToBeCutOffAnywhere) {
  const std::string page = PackList(Three());
  for (size_t size = 0; size < page.size(); ++size) {
    const std::string why = Refused(std::string_view(page).substr(0, size), 3);
    EXPECT_TRUE(why == "the message is shorter than its header" || why == "a key ends after the page") << size << why;
  }
}

TEST(ListPage, RefusesBytesAfterTheLastEntry) {
  EXPECT_EQ(Refused("x", 0), "bytes follow the last entry");
  EXPECT_EQ(Refused(PackList(Three()) + "x", 3), "bytes follow the last entry");
  EXPECT_EQ(Refused(PackList(Three()), 2), "bytes follow the last entry");
  EXPECT_EQ(Refused(PackList(Three()), 4), "the message is shorter than its header");
}

TEST(ListPage, HoldsAtMostListEntriesMaxEntries) {
  for (const uint32_t count : {list_entries_max - 1, list_entries_max}) {
    Entries entries(count);
    EXPECT_EQ(Refused(PackList(entries), count), "") << count;
  }
  const Entries over(list_entries_max + 1);
  EXPECT_EQ(Refused(PackList(over), list_entries_max + 1), "more entries than list_entries_max");
  EXPECT_EQ(Refused("", UINT32_MAX), "more entries than list_entries_max");
}

TEST(ListPage, HoldsKeysOfAtMostKeyBytesMax) {
  for (const size_t bytes : {key_bytes_max - 1, key_bytes_max}) {
    EXPECT_EQ(Refused(PackList({{std::string(bytes, 'k'), 1}}), 1), "") << bytes;
  }
  EXPECT_EQ(Refused(PackList({{std::string(key_bytes_max + 1, 'k'), 1}}), 1), "the key is longer than key_bytes_max");
  EXPECT_EQ(Refused(Bytes(ListedEntry{.key_bytes = UINT64_MAX}), 1), "the key is longer than key_bytes_max");
  EXPECT_EQ(Refused(Bytes(ListedEntry{.key_bytes = 2}, "a"), 1), "a key ends after the page");
}

TEST(ListPage, SurvivesBytesWithoutSense) {
  Noise noise;
  for (int i = 0; i < 20'000; ++i) {
    const std::string page = noise.Next(200);
    Entries entries;
    const uint32_t count = static_cast<uint32_t>(i % 6);
    if (Unpacked(page, count, &entries).empty()) {
      EXPECT_EQ(PackList(entries), page);
    }
  }
}

}  // namespace
}  // namespace remote_dram::wire
