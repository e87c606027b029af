// Executor: the order of tasks, and that tasks left in the queue still run before it ends.
#include "base/executor.h"

#include <gtest/gtest.h>

#include <vector>

#include "remote_dram/latch.h"

namespace remote_dram::base {
namespace {

TEST(Executor, RunsTasksInOrderOnOneOtherThread) {
  std::vector<int> ran;
  Latch done;
  Executor executor;
  for (int i = 0; i < 100; ++i) {
    executor.Post([&ran, &executor, i] {
      EXPECT_TRUE(executor.OnOwnThread());
      ran.push_back(i);
    });
  }
  executor.Post([&done] { done.Set(); });
  done.Wait();
  EXPECT_FALSE(executor.OnOwnThread());
  ASSERT_EQ(ran.size(), 100u);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(ran[i], i);
}

TEST(Executor, RunsWhatIsLeftBeforeItEnds) {
  int ran = 0;
  Latch go;
  {
    Executor executor;
    executor.Post([&go] { go.Wait(); });
    for (int i = 0; i < 10; ++i) executor.Post([&ran] { ++ran; });
    executor.Post([&executor, &ran] { executor.Post([&ran] { ++ran; }); });
    go.Set();
  }
  EXPECT_EQ(ran, 11);
}

}  // namespace
}  // namespace remote_dram::base
