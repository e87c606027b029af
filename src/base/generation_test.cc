// Generation: TensorStore's encoding, both ways.
#include "remote_dram/generation.h"

#include <gtest/gtest.h>

namespace remote_dram {
namespace {

using namespace std::string_literals;

TEST(Generation, SurvivesItsByteForm) {
  const Generation value = Generation::Value(0x0102030405060708, 42);
  EXPECT_EQ(value.ToBytes(), "\0\x01\x02\x03\x04\x05\x06\x07\x08\0\0\0\0\0\0\0\x2a"s);
  for (const Generation g : {Generation::Unknown(), Generation::Missing(), value}) {
    EXPECT_EQ(Generation::FromBytes(g.ToBytes()), g);
    EXPECT_EQ(*Generation::FromHex(g.ToHex()), g);
  }
}

TEST(Generation, IgnoresTheNewLayerBit) {
  std::string bytes = Generation::Value(1, 2).ToBytes();
  bytes[0] = 0x08;
  EXPECT_EQ(Generation::FromBytes(bytes), Generation::Value(1, 2));
  EXPECT_EQ(Generation::FromBytes("\x0a"), Generation::Missing());
}

TEST(Generation, TakesAnyOtherEncodingAsForeignWhichEqualsNothing) {
  for (const std::string& bytes : {"\0"s, "\x10"s, "\0\x01\x02\x03\x04\x05\x06\x07\x08"s, "\x02\x02"s, "\x01"s + std::string(16, 'x'),
                                   "\0"s + std::string(17, 'x'), "hello"s}) {
    const Generation foreign = Generation::FromBytes(bytes);
    EXPECT_EQ(foreign.kind(), Generation::Kind::kForeign);
    EXPECT_NE(foreign, foreign);
    EXPECT_TRUE(foreign.known());
  }
}

TEST(Generation, RefusesWhatIsNotHexadecimal) {
  EXPECT_FALSE(Generation::FromHex("0"));
  EXPECT_FALSE(Generation::FromHex("zz"));
  EXPECT_EQ(Generation::FromHex("")->kind(), Generation::Kind::kUnknown);
}

TEST(Generation, ShowsAnIncarnationWithAllItsDigits) { EXPECT_EQ(ShowIncarnation(0x7f3a), "0000000000007f3a"); }

}  // namespace
}  // namespace remote_dram
