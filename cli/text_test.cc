// What the command line understands, and what it refuses.
#include "cli/text.h"

#include <gtest/gtest.h>

namespace remote_dram::cli {
namespace {

TEST(ParseSize, TakesBytesAndBinaryUnits) {
  EXPECT_EQ(*ParseSize("0"), 0u);
  EXPECT_EQ(*ParseSize("768"), 768u);
  EXPECT_EQ(*ParseSize("768B"), 768u);
  EXPECT_EQ(*ParseSize("64KiB"), 64u << 10);
  EXPECT_EQ(*ParseSize("512MiB"), 512u << 20);
  EXPECT_EQ(*ParseSize("8GiB"), uint64_t{8} << 30);
  EXPECT_EQ(*ParseSize("8 GiB"), uint64_t{8} << 30);
  EXPECT_EQ(*ParseSize("1.5GiB"), uint64_t{3} << 29);
  EXPECT_EQ(*ParseSize("2TiB"), uint64_t{2} << 40);
  EXPECT_EQ(*ParseSize("18446744073709551615"), UINT64_MAX);
}

TEST(ParseSize, RefusesTheRestAndSaysWhatItWants) {
  for (const char* text :
       {"", "GiB", "-1", "-1GiB", "+1", "8GB", "8G", "8gib", "8GiBs", "1e3", "0x10", " 8", "1.5",
        "18446744073709551616", "16777216TiB", "infGiB", "nanGiB", "1 2KiB"}) {
    const auto size = ParseSize(text);
    ASSERT_FALSE(size.ok()) << text;
    EXPECT_EQ(size.status().code(), StatusCode::kInvalidArgument);
    EXPECT_NE(size.status().message().find("8GiB"), std::string::npos) << size.status().message();
  }
}

void ExpectRange(std::string_view text, int64_t min, int64_t max) {
  const auto range = ParseRange(text);
  ASSERT_TRUE(range.ok()) << text;
  EXPECT_EQ(range->min, min) << text;
  EXPECT_EQ(range->max, max) << text;
}

TEST(ParseRange, TakesBoundsSuffixesAndOpenEnds) {
  ExpectRange("0:8", 0, 8);
  ExpectRange("8:8", 8, 8);
  ExpectRange("8:", 8, -1);
  ExpectRange(":8", 0, 8);
  ExpectRange(":0", 0, 0);
  ExpectRange(":", 0, -1);
  ExpectRange("-100:", -100, -1);
  ExpectRange("-9223372036854775808:", INT64_MIN, -1);
  ExpectRange("9223372036854775807:", INT64_MAX, -1);
}

TEST(ParseRange, RefusesTheRest) {
  for (const char* text : {"", "8", "9:8", "a:b", "1:2:3", "-0:", "-5:8", "--5:", "8:-1", "5:-1", " 1:2",
                           "1: 2", "+1:2", "1.0:2", "9223372036854775808:",
                           "-9223372036854775809:"}) {
    EXPECT_FALSE(ParseRange(text).ok()) << text;
  }
}

TEST(ParseGeneration, TakesWhatPutPrintsAndNothingElse) {
  const Generation written = Generation::Value(0x7f3a, 41);
  EXPECT_EQ(*ParseGeneration(written.ToHex()), written);
  EXPECT_EQ(*ParseGeneration(Generation::Missing().ToHex()), Generation::Missing());
  // An unknown generation would be no condition, although the caller asked for one.
  EXPECT_FALSE(ParseGeneration("").ok());
  EXPECT_FALSE(ParseGeneration("7g").ok());
}

TEST(ParseHex, TakesWhatHexShows) {
  const std::string bytes("\0\x0a\xff", 3);
  EXPECT_EQ(Hex(bytes), "000aff");
  EXPECT_EQ(*ParseHex("000aff"), bytes);
  EXPECT_EQ(*ParseHex("000AFF"), bytes);
  EXPECT_EQ(*ParseHex(""), "");
  for (const char* text : {"0", "000", "0g", "g0", "-1", "+1", "0x", " 1", "00 "}) {
    EXPECT_FALSE(ParseHex(text).ok()) << text;
  }
}

TEST(ParseTimeout, TakesSecondsWithAFraction) {
  EXPECT_EQ(ParseTimeout("30")->count(), 30'000);
  EXPECT_EQ(ParseTimeout("0.5")->count(), 500);
  EXPECT_EQ(ParseTimeout("0.001")->count(), 1);
  // The library takes a timeout of 0 for "the default", which a user of the command line would not expect.
  for (const char* text : {"", "0", "-1", "0.0001", "1s", "inf", "nan", "1e10"}) {
    EXPECT_FALSE(ParseTimeout(text).ok()) << text;
  }
  EXPECT_EQ(*ParseTimeout("31536000"), timeout_max);
  EXPECT_EQ(ParseTimeout("31536001").status().message(), "\"31536001\" is over timeout_max (31536000 seconds)");
}

TEST(Show, SizesInUnitsThatPeopleRead) {
  EXPECT_EQ(ShowSize(0), "0 bytes");
  EXPECT_EQ(ShowSize(1023), "1023 bytes");
  EXPECT_EQ(ShowSize(1024), "1 KiB");
  EXPECT_EQ(ShowSize(uint64_t{8} << 30), "8 GiB");
  EXPECT_EQ(ShowSize(uint64_t{3} << 29), "1.5 GiB");
}

TEST(Show, DurationsInTheirTwoLargestUnits) {
  EXPECT_EQ(ShowDuration(999), "0 s");
  EXPECT_EQ(ShowDuration(59'999), "59 s");
  EXPECT_EQ(ShowDuration(725'000), "12 min 5 s");
  EXPECT_EQ(ShowDuration(3'600'000), "1 h 0 min");
  EXPECT_EQ(ShowDuration((3 * 24 + 4) * 3'600'000ull), "3 d 4 h");
}

TEST(Show, KeysSoThatTheyCanDoNothingToATerminal) {
  EXPECT_EQ(Quoted("volume/c/0/0"), "\"volume/c/0/0\"");
  EXPECT_EQ(Quoted("\x1b[2J\n"), "\"\\x1b[2J\\x0a\"");
  EXPECT_EQ(Quoted("größe"), "\"größe\"");
  EXPECT_EQ(Quoted("\xc2\x9b" "2J"), "\"\\xc2\\x9b2J\"");  // a control of 8-bit terminals, in UTF-8
  EXPECT_EQ(Quoted("gr\xf6\xdf" "e"), "\"gr\\xf6\\xdfe\"");  // not UTF-8
}

TEST(Show, LongKeysCutButNotInTheMiddleOfACharacter) {
  EXPECT_EQ(Quoted(std::string(64, 'x')), "\"" + std::string(64, 'x') + "\"");
  EXPECT_EQ(Quoted(std::string(4096, 'x')), "\"" + std::string(64, 'x') + "\"... (4096 bytes)");
  EXPECT_EQ(Quoted(std::string(63, 'x') + "ßß"), "\"" + std::string(63, 'x') + "\"... (67 bytes)");
}

TEST(ParseKey, TakesWhatAKeyMayBe) {
  for (const std::string& key : {std::string(), std::string("\0\xff", 2), std::string(4096, 'x')}) {
    EXPECT_EQ(*ParseKey(key), key);
  }
  EXPECT_NE(ParseKey(std::string(4097, 'x')).status().message().find("key_bytes_max (4096)"), std::string::npos);
}

TEST(ParseMode, TakesOctalPermissionsAndNothingElse) {
  EXPECT_EQ(*ParseMode("660"), 0660u);
  EXPECT_EQ(*ParseMode("0666"), 0666u);
  for (const char* const text : {"", "0x1b0", "668", "1777", "-600", "u+rw", "0660 "}) {
    EXPECT_NE(ParseMode(text).status().message().find("0660"), std::string::npos) << text;
  }
}

TEST(Address, WithPortZeroIsFoundOut) {
  EXPECT_TRUE(HasPortZero("127.0.0.1:0"));
  EXPECT_TRUE(HasPortZero("127.0.0.1:00"));
  EXPECT_FALSE(HasPortZero("127.0.0.1:10"));
  EXPECT_FALSE(HasPortZero("127.0.0.1"));
  EXPECT_FALSE(HasPortZero("127.0.0.1:"));
}

}  // namespace
}  // namespace remote_dram::cli
