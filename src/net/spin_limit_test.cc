// SpinLimit: grows after a short sleep, shrinks after a long one. Others on the processor are noticed.
#include "net/spin_limit.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

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
  std::thread([] {
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(sched_getcpu(), &one);
    ASSERT_EQ(sched_setaffinity(0, sizeof one, &one), 0);  // of this thread, and of those that it starts
    std::atomic<bool> seen{false};
    std::thread other([&seen] {
      while (!seen) {
      }
    });
    for (int i = 0; i < 100'000 && !seen; ++i) seen = OthersWantTheProcessor();
    EXPECT_TRUE(seen.exchange(true));
    other.join();
  }).join();
}

}  // namespace
}  // namespace remote_dram::net
