// SpinLimit: grows after a short sleep, shrinks after a long one; other threads on the processor are noticed.
#include "net/spin_limit.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "net/testing.h"

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

TEST(OthersWantTheProcessor, IsTrueWhereAnotherThreadComputesOnTheSame) {
  const OnOneProcessor here;
  std::atomic<bool> seen{false};
  std::thread other([&seen] {
    while (!seen) {
    }
  });
  for (int i = 0; i < 100'000 && !seen; ++i) seen = OthersWantTheProcessor();
  EXPECT_TRUE(seen.exchange(true));
  other.join();
}

}  // namespace
}  // namespace remote_dram::net
