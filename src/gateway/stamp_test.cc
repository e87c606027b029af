// Stamps: when the stamp is the client's staleness bound, and when it is this host's time.
#include "gateway/stamp.h"

#include <gtest/gtest.h>

#include <limits>

namespace remote_dram::gateway {
namespace {

const Time kNow{std::chrono::seconds(1'700'000'000) + std::chrono::nanoseconds(123)};

Stamp At(int64_t seconds, int32_t nanos = 0) {
  Stamp stamp;
  stamp.set_seconds(seconds);
  stamp.set_nanos(nanos);
  return stamp;
}

TEST(Stamp, IsTheTimeOfThisHostWithoutABound) {
  const Result<Stamp> stamp = StampFor(nullptr, kNow);
  ASSERT_TRUE(stamp.ok());
  EXPECT_EQ(stamp->seconds(), 1'700'000'000);
  EXPECT_EQ(stamp->nanos(), 123);
}

TEST(Stamp, HasPositiveNanosecondsBefore1970) {
  const Stamp stamp = StampOf(Time(-std::chrono::nanoseconds(1)));
  EXPECT_EQ(stamp.seconds(), -1);
  EXPECT_EQ(stamp.nanos(), 999'999'999);
}

TEST(Stamp, IsExactlyTheBoundOfTheClientWhoseClockIsAheadOrBehind) {
  for (const int64_t seconds :
       {int64_t{5}, int64_t{1'800'000'000}, int64_t{-62'135'596'800}, int64_t{253'402'300'799}}) {
    const Stamp bound = At(seconds, 999'999'999);
    const Result<Stamp> stamp = StampFor(&bound, kNow);
    ASSERT_TRUE(stamp.ok()) << seconds;
    EXPECT_EQ(stamp->seconds(), seconds);
    EXPECT_EQ(stamp->nanos(), 999'999'999);
  }
}

TEST(Stamp, IsTheTimeOfThisHostForTheInfinities) {
  for (const int64_t seconds :
       {std::numeric_limits<int64_t>::min(), std::numeric_limits<int64_t>::max()}) {
    const Stamp bound = At(seconds);
    const Result<Stamp> stamp = StampFor(&bound, kNow);
    ASSERT_TRUE(stamp.ok());
    EXPECT_EQ(stamp->seconds(), 1'700'000'000);
  }
}

TEST(Stamp, RefusesWhatIsNoTime) {
  for (const Stamp& bound : {At(-62'135'596'801), At(253'402'300'800), At(0, -1), At(0, 1'000'000'000)}) {
    const Result<Stamp> stamp = StampFor(&bound, kNow);
    ASSERT_FALSE(stamp.ok()) << bound.seconds() << " " << bound.nanos();
    EXPECT_EQ(stamp.status().code(), StatusCode::kInvalidArgument);
  }
}

}  // namespace
}  // namespace remote_dram::gateway
