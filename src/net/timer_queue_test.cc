// TimerQueue: the order of tasks, and what remains after cancelling.
#include "net/timer_queue.h"

#include <gtest/gtest.h>

#include <string>

namespace remote_dram::net {
namespace {

using std::chrono::seconds;

TEST(TimerQueue, HandsOutByTimeAndThenInTheOrderOfAdding) {
  TimerQueue timers;
  std::string ran;
  timers.Add(TimePoint(seconds(2)), [&ran] { ran += "c"; });
  timers.Add(TimePoint(seconds(1)), [&ran] { ran += "a"; });
  timers.Add(TimePoint(seconds(1)), [&ran] { ran += "b"; });
  EXPECT_EQ(timers.FirstDue(), TimePoint(seconds(1)));
  while (!timers.empty()) timers.TakeFirst()();
  EXPECT_EQ(ran, "abc");
  EXPECT_EQ(timers.FirstDue(), TimePoint::max());
}

TEST(TimerQueue, ForgetsWhatIsCancelledAndForgivesIdsThatHaveGone) {
  TimerQueue timers;
  std::string ran;
  const uint64_t first = timers.Add(TimePoint(seconds(1)), [&ran] { ran += "a"; });
  const uint64_t second = timers.Add(TimePoint(seconds(2)), [&ran] { ran += "b"; });
  EXPECT_NE(first, 0u);
  timers.Cancel(first);
  timers.Cancel(first);
  timers.Cancel(0);
  EXPECT_EQ(timers.FirstDue(), TimePoint(seconds(2)));
  timers.TakeFirst()();
  timers.Cancel(second);
  EXPECT_EQ(ran, "b");
  EXPECT_TRUE(timers.empty());
  EXPECT_NE(timers.Add(TimePoint(), [] {}), second);
}

}  // namespace
}  // namespace remote_dram::net
