// Text for bytes, and key ranges.
#include "base/bytes.h"

#include <gtest/gtest.h>

#include "remote_dram/verbs.h"

namespace remote_dram {
namespace {

using namespace std::string_literals;

TEST(Bytes, QuotesKeysSoThatTheyCanBePrinted) {
  EXPECT_EQ(base::Quoted("a/b \"c\"\\\n\0"s), "\"a/b \\\"c\\\"\\\\\\x0a\\x00\"");
  EXPECT_EQ(base::Quoted(std::string(65, 'k')), "\"" + std::string(64, 'k') + "\"... (65 bytes)");
}

TEST(Bytes, TellsSizesInUnitsThatPeopleRead) {
  EXPECT_EQ(base::HumanBytes(0), "0 bytes");
  EXPECT_EQ(base::HumanBytes(1023), "1023 bytes");
  EXPECT_EQ(base::HumanBytes(1536), "1.5 KiB");
  EXPECT_EQ(base::HumanBytes(uint64_t{8} << 30), "8 GiB");
}

TEST(KeyRange, OfAPrefixHoldsExactlyTheKeysThatStartWithIt) {
  const KeyRange a = KeyRange::Prefix("a/");
  EXPECT_TRUE(a.Contains("a/"));
  EXPECT_TRUE(a.Contains("a/\xff\xff"));
  EXPECT_FALSE(a.Contains("a"));
  EXPECT_FALSE(a.Contains("a0"));
  EXPECT_EQ(KeyRange::Prefix("a\xff\xff").end, "b");
  EXPECT_EQ(KeyRange::Prefix("\xff").end, "");
  EXPECT_TRUE(KeyRange::Prefix("").Contains(""));
}

}  // namespace
}  // namespace remote_dram
