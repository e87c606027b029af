// Budget: exact at its limit, alone and under contention.
#include "store/budget.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace remote_dram::store {
namespace {

TEST(Budget, GivesTheLastByteAndNotOneMore) {
  Budget budget(1024);
  EXPECT_TRUE(budget.Take(1000).ok());
  EXPECT_FALSE(budget.Take(25).ok());
  EXPECT_EQ(budget.used_bytes(), 1000u);
  EXPECT_TRUE(budget.Take(24).ok());
  const Status refused = budget.Take(1);
  EXPECT_EQ(refused.ToString(),
            "RESOURCE_EXHAUSTED: 1 KiB of 1 KiB in use (memory_limit_bytes); raise --memory-limit or "
            "delete keys");
  budget.Give(1024);
  EXPECT_EQ(budget.used_bytes(), 0u);
}

TEST(Budget, IsNotFooledBySizesThatOverflow) {
  Budget budget(UINT64_MAX);
  EXPECT_TRUE(budget.Take(100).ok());
  EXPECT_FALSE(budget.Take(UINT64_MAX - 99).ok());
  EXPECT_TRUE(budget.Take(UINT64_MAX - 100).ok());
}

TEST(Budget, NeverPassesItsLimitUnderContention) {
  Budget budget(10);
  std::vector<std::thread> threads;
  std::atomic<int> inside{0};
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&budget, &inside] {
      for (int i = 0; i < 20000; ++i) {
        if (!budget.Take(4).ok()) continue;
        EXPECT_LE(++inside, 2);
        --inside;
        budget.Give(4);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(budget.used_bytes(), 0u);
}

}  // namespace
}  // namespace remote_dram::store
