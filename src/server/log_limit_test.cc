// LogLimit: how much of what unknown clients cause is logged.
#include "server/log_limit.h"

#include <gtest/gtest.h>

namespace remote_dram::server {
namespace {

constexpr net::TimePoint kStart{};

TEST(LogLimit, LogsTheFirstOfAReasonAndCountsTheRest) {
  LogLimit limit;
  EXPECT_EQ(limit.Admit("junk", kStart), "junk");
  for (int i = 0; i < 5; ++i) EXPECT_EQ(limit.Admit("junk", kStart + log_interval / 2), std::nullopt);
  EXPECT_EQ(limit.Admit("junk", kStart + log_interval), "junk (and 5 more before, not logged)");
  EXPECT_EQ(limit.Admit("junk", kStart + log_interval * 2), "junk");
}

TEST(LogLimit, AReasonDoesNotHideAnotherOne) {
  LogLimit limit;
  EXPECT_EQ(limit.Admit("junk", kStart), "junk");
  EXPECT_EQ(limit.Admit("an old client", kStart), "an old client");
}

TEST(LogLimit, BoundsHowManyReasonsAreLogged) {
  LogLimit limit;
  size_t logged = 0;
  for (size_t i = 0; i < 10 * log_reasons_max; ++i) logged += limit.Admit(std::to_string(i), kStart).has_value();
  EXPECT_EQ(logged, log_reasons_max + 1);
}

}  // namespace
}  // namespace remote_dram::server
