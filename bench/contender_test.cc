// Contenders: in which order they read keys.
#include "bench/contender.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace remote_dram::bench {
namespace {

constexpr size_t kKeys = 1000;

std::vector<size_t> FirstKeys(size_t count, int round) {
  Walk walk(kKeys, round);
  std::vector<size_t> keys(count);
  for (size_t& key : keys) key = walk.Next();
  return keys;
}

TEST(Walk, IsTheSameForAllContendersOfARound) { EXPECT_EQ(FirstKeys(100, 3), FirstKeys(100, 3)); }

TEST(Walk, ReadsOtherKeysInTheNextRound) {
  constexpr size_t count = 100;
  for (int round = 0; round < 10; ++round) {
    const std::vector<size_t> before = FirstKeys(count, round), after = FirstKeys(count, round + 1);
    std::vector<size_t> sorted = before;
    std::sort(sorted.begin(), sorted.end());
    const auto again = std::count_if(after.begin(), after.end(), [&sorted](size_t key) {
      return std::binary_search(sorted.begin(), sorted.end(), key);
    });
    EXPECT_LT(again, 30) << round;  // by chance, about a tenth
  }
}

TEST(Walk, ComesToEveryKey) {
  std::vector<size_t> keys = FirstKeys(20 * kKeys, 1);
  std::sort(keys.begin(), keys.end());
  EXPECT_EQ(static_cast<size_t>(std::unique(keys.begin(), keys.end()) - keys.begin()), kKeys);
  EXPECT_EQ(keys.front(), 0u);
}

}  // namespace
}  // namespace remote_dram::bench
