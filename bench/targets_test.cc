// Targets: which rows they apply to, and their texts.
#include "bench/targets.h"

#include <gtest/gtest.h>

namespace remote_dram::bench {
namespace {

std::vector<std::string> TextsOf(std::string_view path, const Load& load) {
  std::vector<std::string> texts;
  for (const Target& target : TargetsOf(path, load)) texts.push_back(target.Text());
  return texts;
}

using Texts = std::vector<std::string>;

TEST(Goal, IsMetOnItsOwnSideOnly) {
  EXPECT_TRUE(kScalingRatio.IsMet(0.96));
  EXPECT_FALSE(kScalingRatio.IsMet(0.94));
  EXPECT_TRUE(kIdlePercent.IsMet(0.9));
  EXPECT_FALSE(kIdlePercent.IsMet(1.1));
  EXPECT_TRUE(kLatestMilliseconds.IsMet(-3));  // no call was as late as the machine
  EXPECT_FALSE(kLatestMilliseconds.IsMet(900));
}

TEST(Targets, BelongToRowsOfTheirSizes) {
  const Load small{.verb = Verb::kGet, .bytes = 4096};
  EXPECT_EQ(TextsOf("mapped", small), (Texts{"p50 ≤ 1.50 × bound", "p50 ≤ 0.050 × memcached"}));
  const Load large{.verb = Verb::kGet, .bytes = 64 << 20, .keys = 20};
  EXPECT_EQ(TextsOf("mapped", large), (Texts{"p50 ≤ 1.25 × bound"}));
  EXPECT_EQ(TextsOf("shm", small), Texts{});
  EXPECT_EQ(TextsOf("shm", {.verb = Verb::kPut, .bytes = 64}), (Texts{"p50 ≤ 1.50 × bound"}));
  EXPECT_EQ(TextsOf("shm", {.verb = Verb::kPut, .bytes = 4096}), Texts{});
}

TEST(Targets, JudgeTheRateOfEachWheelRow) {
  for (const char* const path : {"gateway", "gateway apart", "gateway in Python"}) {
    for (const Verb verb : {Verb::kGet, Verb::kPut}) {
      for (const int in_flight : {1, 8}) {
        const Load load{.verb = verb, .bytes = 16 << 20, .in_flight = in_flight};
        EXPECT_EQ(TextsOf(path, load), (Texts{"GB/s ≥ 0.800 × bound"}));
      }
    }
  }
}

TEST(Targets, AreNotOfColdGetsAndPutsByMessageWhichHaveNoBound) {
  EXPECT_EQ(TextsOf("tcp", {.verb = Verb::kGet, .bytes = 64, .keys = 1000}), Texts{});
  for (const char* const path : {"mapped", "tcp"}) {
    EXPECT_EQ(TextsOf(path, {.verb = Verb::kPut, .bytes = 1 << 20, .keys = 1000}), Texts{});
  }
}

TEST(Targets, AreNotOfGetsIntoMemoryOfTheLibrary) {
  EXPECT_EQ(TextsOf("mapped", {.verb = Verb::kAllocatedGet, .bytes = 1 << 20}), Texts{});
}

TEST(Targets, TellOnePipelinedAndManyApart) {
  EXPECT_EQ(TextsOf("tcp", {.verb = Verb::kGet, .bytes = 64}), (Texts{"p50 ≤ 1.15 × bound"}));
  EXPECT_EQ(TextsOf("tcp", {.verb = Verb::kPut, .bytes = 64 << 10, .in_flight = 8}),
            (Texts{"GB/s ≥ 1.30 × memcached"}));
  EXPECT_EQ(TextsOf("tcp", {.verb = Verb::kGet, .bytes = 64, .keys = 1000, .batch = 1000}),
            (Texts{"keys/s ≥ 2.00 M"}));
  EXPECT_EQ(TextsOf("tcp", {.verb = Verb::kGet, .bytes = 64, .in_flight = 16, .clients = 16}),
            (Texts{"keys/s ≥ 0.900 × bound"}));
  EXPECT_EQ(TextsOf("tcp", {.verb = Verb::kGet, .bytes = 64, .busy = 4}), (Texts{"p50 ≤ 2.00 × memcached"}));
}

}  // namespace
}  // namespace remote_dram::bench
