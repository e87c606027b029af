// Rows: which contender is the bound, and which value is compared with a target.
#include "bench/rows.h"

#include <gtest/gtest.h>

namespace remote_dram::bench {
namespace {

using Role = Score::Role;

Laps Rounds(std::vector<double> p50_us) {
  Laps laps;
  for (const double p50 : p50_us) laps.push_back({.p50_us = p50, .items_per_s = 1e6 / p50});
  return laps;
}

const std::vector<Score> kScores = {{Role::kBound, "slow", Rounds({9, 9, 9})},
                                    {Role::kBound, "fast", Rounds({2, 4, 2})},
                                    {Role::kBound, "socket", Rounds({12, 12, 12})},
                                    {Role::kBound, "spinning", Rounds({6, 6, 6})},
                                    {Role::kBound, "does not take it", {}},
                                    {Role::kOurs, "ours", Rounds({3, 6, 3})},
                                    {Role::kRival, "memcached", Rounds({30, 30, 30})}};

TEST(Rows, TheBoundIsTheBestOfThoseThatTakeTheLoad) {
  EXPECT_EQ(BestBound(kScores, &Figures::p50_us)->name, "fast");
  EXPECT_EQ(BestBound(kScores, &Figures::items_per_s)->name, "fast");
}

TEST(Rows, ATimeIsJudgedByTheShortestTimeAndARateByTheHighestRate) {
  const std::vector<Score> scores{{Role::kBound, "prompt", {{.p50_us = 1, .items_per_s = 1e5}}},
                                  {Role::kBound, "steady", {{.p50_us = 2, .items_per_s = 4e5}}},
                                  {Role::kOurs, "ours", {{.p50_us = 3, .items_per_s = 2e5}}}};
  const Goal any{Goal::Is::kAtMost, 1};
  EXPECT_EQ(Measured({&Figures::p50_us, Target::Against::kBound, any}, scores), 3);
  EXPECT_EQ(Measured({&Figures::items_per_s, Target::Against::kBound, any}, scores), 0.5);
}

TEST(Rows, ATargetComparesOursWithItsOpponent) {
  const Goal any{Goal::Is::kAtMost, 1};
  EXPECT_EQ(Measured({&Figures::p50_us, Target::Against::kNothing, any}, kScores), 3);
  EXPECT_EQ(Measured({&Figures::p50_us, Target::Against::kBound, any}, kScores), 1.5);
  EXPECT_EQ(Measured({&Figures::p50_us, Target::Against::kSocket, any}, kScores), 0.5);
  EXPECT_EQ(Measured({&Figures::p50_us, Target::Against::kMemcached, any}, kScores), 0.1);
}

TEST(Rows, ATargetAgainstWhoIsNotThereIsNotJudged) {
  EXPECT_EQ(Measured({&Figures::p50_us, Target::Against::kRedis, {Goal::Is::kAtMost, 1}}, kScores), std::nullopt);
}

}  // namespace
}  // namespace remote_dram::bench
