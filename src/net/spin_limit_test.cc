// SpinLimit: grows after a short sleep, shrinks after a long one.
#include "net/spin_limit.h"

#include <gtest/gtest.h>

namespace remote_dram::net {
namespace {

TEST(SpinLimit, IsLongAfterASleepThatCouldHaveBeenSpunAwayAndShortAfterAnother) {
  SpinLimit limit;
  EXPECT_EQ(limit.time(), SpinLimit::shortest);
  limit.Slept(SpinLimit::longest - std::chrono::nanoseconds(1));
  EXPECT_EQ(limit.time(), SpinLimit::longest);
  limit.Slept(std::chrono::nanoseconds(0));
  EXPECT_EQ(limit.time(), SpinLimit::longest);
  limit.Slept(SpinLimit::longest);
  EXPECT_EQ(limit.time(), SpinLimit::shortest);
}

}  // namespace
}  // namespace remote_dram::net
