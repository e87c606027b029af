// Keys in JSON: every key can be recovered from the output.
#include "cli/json.h"

#include <gtest/gtest.h>

namespace remote_dram::cli {
namespace {

TEST(Json, TellsAKeyThatIsUtf8AsItIs) {
  EXPECT_EQ(JsonLine(WithKey("volume/0")), "{\"key\":\"volume/0\"}\n");
  EXPECT_EQ(JsonLine(WithKey("")), "{\"key\":\"\"}\n");
  EXPECT_EQ(JsonLine(WithKey("größe\n\"")), "{\"key\":\"größe\\n\\\"\"}\n");
  EXPECT_EQ(JsonLine(WithKey(std::string_view("\0", 1))), "{\"key\":\"\\u0000\"}\n");
}

TEST(Json, TellsAnyOtherKeyInHexadecimal) {
  EXPECT_EQ(JsonLine(WithKey("\xff\x01z")), "{\"key_hex\":\"ff017a\"}\n");
  EXPECT_EQ(JsonLine(WithKey("gr\xc3")), "{\"key_hex\":\"6772c3\"}\n");
}

TEST(Json, KeepsTheOrderOfFieldsAndSurvivesAPathThatIsNotUtf8) {
  EXPECT_EQ(JsonLine({{"z", 1}, {"a", "/tmp/\xff"}}), "{\"z\":1,\"a\":\"/tmp/\xef\xbf\xbd\"}\n");
}

}  // namespace
}  // namespace remote_dram::cli
