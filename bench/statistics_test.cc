// Statistics: which operations a window counts; quantiles, medians and ratios.
#include "bench/statistics.h"

#include <gtest/gtest.h>

namespace remote_dram::bench {
namespace {

using std::chrono::microseconds;

constexpr Pace kPace{microseconds(100), microseconds(40), 4};

TEST(Lap, CountsNothingOfTheWarmUp) {
  const TimePoint start{};
  Lap lap(kPace, start);
  EXPECT_TRUE(lap.Record(start, start + microseconds(90)));
  EXPECT_TRUE(lap.Record(start + microseconds(90), start + microseconds(101)));  // opens
  TimePoint now = start + microseconds(101);
  for (int i = 0; i < 3; ++i, now += microseconds(10)) EXPECT_TRUE(lap.Record(now, now + microseconds(10)));
  EXPECT_FALSE(lap.Record(now, now + microseconds(10)));  // 40 us after it opened
  const Figures figures = lap.Sum(1000);
  EXPECT_EQ(figures.p50_us, 10);
  EXPECT_DOUBLE_EQ(figures.gigabytes_per_s, 0.1);
  EXPECT_DOUBLE_EQ(figures.items_per_s, 1e5);
  EXPECT_EQ(lap.operations(), 6u);
}

TEST(Lap, StaysOpenUntilAFewOperationsAreOver) {
  const TimePoint start{};
  Lap lap(kPace, start);
  TimePoint now = start + microseconds(200);
  EXPECT_TRUE(lap.Record(start, now));
  for (size_t i = 1; i < kPace.operations_min; ++i) EXPECT_TRUE(lap.Record(now, now += microseconds(500)));
  EXPECT_FALSE(lap.Record(now, now + microseconds(500)));
}

TEST(Lap, CountsTheKeysOfABatch) {
  const TimePoint start{};
  Lap lap({microseconds(0), microseconds(10), 1}, start);
  EXPECT_TRUE(lap.Record(start, start));
  EXPECT_FALSE(lap.Record(start, start + microseconds(10)));
  const Figures figures = lap.Sum(1000, 5);
  EXPECT_DOUBLE_EQ(figures.items_per_s, 5e5);
  EXPECT_DOUBLE_EQ(figures.gigabytes_per_s, 0.5);
}

TEST(Lap, DoesNotReopen) {
  const TimePoint start{};
  Lap lap({{}, {}, kPace.operations_min}, start);
  for (size_t i = 0; i < kPace.operations_min; ++i) EXPECT_TRUE(lap.Record(start, start + microseconds(i + 1)));
  EXPECT_FALSE(lap.Record(start, start + microseconds(8)));
  const Figures closed = Lap(lap).Sum(1);
  EXPECT_FALSE(lap.Record(start, start + microseconds(900)));
  EXPECT_EQ(lap.Sum(1).gigabytes_per_s, closed.gigabytes_per_s);
}

TEST(Quantile, IsTheValueOfItsRank) {
  std::vector<uint32_t> values;
  for (uint32_t i = 100; i > 0; --i) values.push_back(i);
  EXPECT_EQ(Quantile(values, 0.5), 50u);
  EXPECT_EQ(Quantile(values, 0.99), 99u);
  EXPECT_EQ(Quantile(values, 1), 100u);
  EXPECT_EQ(Quantile(values, 0), 1u);
}

TEST(Quantile, HoldsTimesOfAnyLength) {
  std::vector<Clock::duration> times{std::chrono::seconds(5), microseconds(1)};
  EXPECT_EQ(Quantile(times, 1), std::chrono::seconds(5));
}

TEST(Median, LiesBetweenTheMiddleTwo) {
  EXPECT_EQ(Median({3, 1, 2}), 2);
  EXPECT_EQ(Median({4, 1, 2, 3}), 2.5);
}

TEST(MedianRatio, ComparesLapsOfTheSameRound) {
  const Laps ours{{.p50_us = 1}, {.p50_us = 20}, {.p50_us = 3}};
  const Laps bound{{.p50_us = 1}, {.p50_us = 10}, {.p50_us = 1}};
  EXPECT_EQ(MedianRatio(ours, bound, &Figures::p50_us), 2);
  EXPECT_EQ(MedianOf(ours, &Figures::p50_us), 3);
}

}  // namespace
}  // namespace remote_dram::bench
