// KeyHash: SipHash-2-4 against the test vector of its paper, and the distribution of similar keys.
#include "base/key_hash.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace remote_dram::base {
namespace {

TEST(KeyHash, IsSipHash24) {
  std::string bytes;
  for (char c = 0; c < 15; ++c) bytes.push_back(c);
  EXPECT_EQ(KeyHash({0x0706050403020100, 0x0f0e0d0c0b0a0908}, bytes), 0xa129ca6149be45e5u);
}

TEST(KeyHash, SpreadsKeysThatDifferLittle) {
  std::vector<int> shards(16);
  for (int i = 0; i < 16000; ++i) ++shards[KeyHash({1, 2}, "volume/c/" + std::to_string(i)) % 16];
  for (const int keys : shards) {
    EXPECT_GT(keys, 850);  // expected 1000, standard deviation 31
    EXPECT_LT(keys, 1150);
  }
}

TEST(KeyHash, DependsOnBothHalvesOfTheSeed) {
  EXPECT_NE(KeyHash({1, 2}, "k"), KeyHash({2, 2}, "k"));
  EXPECT_NE(KeyHash({1, 2}, "k"), KeyHash({1, 3}, "k"));
}

}  // namespace
}  // namespace remote_dram::base
