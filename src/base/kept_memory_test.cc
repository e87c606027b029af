// KeptMemory: which memory is kept, in which order it is handed out, and which is freed first.
#include "base/kept_memory.h"

#include <gtest/gtest.h>

namespace remote_dram::base {
namespace {

using std::chrono::seconds;

constexpr size_t kKiB = 1024;
constexpr KeptMemory::Limits kLimits{.results_max = 3, .bytes_max = 64 * kKiB, .time_max = seconds(10)};

class KeptMemoryTest : public testing::Test {
 protected:
  // Keeps new memory of that size, and returns its address.
  const char* Keep(size_t bytes) {
    ResultMemory memory(static_cast<char*>(std::malloc(bytes)));
    const char* const at = memory.get();
    kept_.Keep(std::move(memory), bytes, now_);
    return at;
  }

  KeptMemory kept_{kLimits};
  KeptMemory::Time now_{};
};

TEST_F(KeptMemoryTest, HasFourClassesForEachPowerOfTwo) {
  EXPECT_EQ(KeptMemory::Class(64 * kKiB), 64 * kKiB);
  EXPECT_EQ(KeptMemory::Class(64 * kKiB + 1), 80 * kKiB);
  EXPECT_EQ(KeptMemory::Class(80 * kKiB), 80 * kKiB);
  EXPECT_EQ(KeptMemory::Class(112 * kKiB + 1), 128 * kKiB);
  for (size_t bytes = 8; bytes < 100'000; bytes += 7) {
    const size_t room = KeptMemory::Class(bytes);
    ASSERT_GE(room, bytes);
    ASSERT_LE(room, bytes + bytes / 4);
    ASSERT_EQ(KeptMemory::Class(room), room);
  }
}

TEST_F(KeptMemoryTest, GivesWhatWasKeptLastOfThatSizeAndEachOnce) {
  const char* const first = Keep(8 * kKiB);
  const char* const last = Keep(8 * kKiB);
  Keep(10 * kKiB);
  EXPECT_EQ(kept_.Take(12 * kKiB), nullptr);
  const ResultMemory a = kept_.Take(8 * kKiB), b = kept_.Take(8 * kKiB);
  EXPECT_EQ(a.get(), last);
  EXPECT_EQ(b.get(), first);
  EXPECT_EQ(kept_.Take(8 * kKiB), nullptr);
}

TEST_F(KeptMemoryTest, FreesTheOldestBeforeItHasTooManyBytes) {
  Keep(20 * kKiB);
  Keep(24 * kKiB);
  Keep(40 * kKiB);  // together with the 24 KiB before it exactly bytes_max
  EXPECT_EQ(kept_.Take(20 * kKiB), nullptr);
  EXPECT_NE(kept_.Take(24 * kKiB), nullptr);
  EXPECT_NE(kept_.Take(40 * kKiB), nullptr);
}

TEST_F(KeptMemoryTest, FreesTheOldestBeforeItHasTooManyResults) {
  for (const size_t kib : {8, 10, 12, 14}) Keep(kib * kKiB);
  EXPECT_EQ(kept_.Take(8 * kKiB), nullptr);
  for (const size_t kib : {10, 12, 14}) EXPECT_NE(kept_.Take(kib * kKiB), nullptr);
}

TEST_F(KeptMemoryTest, CountsNoMoreWhatWasTaken) {
  for (int i = 0; i < 10; ++i) {
    Keep(64 * kKiB);
    EXPECT_NE(kept_.Take(64 * kKiB), nullptr);
  }
  Keep(32 * kKiB);
  Keep(28 * kKiB);
  EXPECT_NE(kept_.Take(32 * kKiB), nullptr);
}

TEST_F(KeptMemoryTest, FreesWhatWasNotUsedForTimeMaxWhenMoreIsKept) {
  Keep(8 * kKiB);
  now_ += seconds(10);
  Keep(10 * kKiB);
  EXPECT_NE(kept_.Take(8 * kKiB), nullptr);  // ten seconds are not more than ten
  now_ += seconds(5);
  Keep(8 * kKiB);
  now_ += seconds(6);
  Keep(12 * kKiB);
  EXPECT_EQ(kept_.Take(10 * kKiB), nullptr);
  EXPECT_NE(kept_.Take(8 * kKiB), nullptr);
}

TEST_F(KeptMemoryTest, KeepsNothingThatAloneIsTooMuch) {
  Keep(8 * kKiB);
  Keep(80 * kKiB);
  EXPECT_EQ(kept_.Take(80 * kKiB), nullptr);
  EXPECT_NE(kept_.Take(8 * kKiB), nullptr);
}

}  // namespace
}  // namespace remote_dram::base
