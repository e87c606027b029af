// TakeShortSlices: its effect, as the kernel reports it.
#include "base/short_slice.h"

#include <gtest/gtest.h>
#include <sched.h>
#include <sys/resource.h>

#include <thread>

namespace remote_dram::base {
namespace {

SchedAttr Now() {
  SchedAttr now;
  EXPECT_TRUE(ReadSchedAttr(&now));
  return now;
}

TEST(ShortSlice, IsTakenByTheThreadThatAsksAndChangesNothingElse) {
  const SchedAttr before = Now();
  if (before.runtime == 0) GTEST_SKIP() << "this kernel tells of no slices (Linux 6.12)";
  std::thread([&before] {
    ASSERT_EQ(setpriority(PRIO_PROCESS, 0, before.nice + 1), 0);
    TakeShortSlices();
    EXPECT_EQ(Now().runtime, static_cast<uint64_t>(std::chrono::nanoseconds(short_slice).count()));
    EXPECT_EQ(Now().policy, static_cast<uint32_t>(SCHED_OTHER));
    EXPECT_EQ(Now().nice, before.nice + 1);
    TakeUsualSlices();
    EXPECT_EQ(Now().runtime, before.runtime);
  }).join();
  EXPECT_EQ(Now().runtime, before.runtime);
}

TEST(ShortSlice, LeavesAThreadWithAnotherPolicyAlone) {
  std::thread([] {
    const sched_param none{};
    ASSERT_EQ(sched_setscheduler(0, SCHED_BATCH, &none), 0);
    const uint64_t before = Now().runtime;
    TakeShortSlices();
    EXPECT_EQ(Now().policy, static_cast<uint32_t>(SCHED_BATCH));
    EXPECT_EQ(Now().runtime, before);
  }).join();
}

}  // namespace
}  // namespace remote_dram::base
