// Toucher: works until there is no more, loses no Wake, and ends.
#include "store/toucher.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "base/short_slice.h"

namespace remote_dram::store {
namespace {

TEST(Toucher, WorksWhenItIsWokenUntilThereIsNoMore) {
  std::atomic<int> left{0}, looks{0};
  Toucher toucher([&left, &looks] {
    ++looks;
    if (left == 0) return false;
    --left;
    return true;
  });
  for (int round = 1; round <= 3; ++round) {
    left = 5;
    toucher.Wake();
    while (looks != 6 * round) std::this_thread::yield();
    EXPECT_EQ(left, 0);
  }
}

TEST(Toucher, LooksAgainIfItIsWokenDuringAPiece) {
  std::atomic<int> pieces{0};
  std::atomic<bool> go_on{false};
  Toucher toucher([&pieces, &go_on] {
    ++pieces;
    while (!go_on) std::this_thread::yield();
    return false;
  });
  toucher.Wake();
  while (pieces != 1) std::this_thread::yield();
  toucher.Wake();
  go_on = true;
  while (pieces != 2) std::this_thread::yield();
}

TEST(Toucher, EndsWithThePieceThatIsUnderWay) {
  std::atomic<bool> begun{false}, leaving{false}, ended{false};
  {
    Toucher toucher([&begun, &leaving, &ended] {
      begun = true;
      while (!leaving) std::this_thread::yield();
      ended = true;
      return true;
    });
    toucher.Wake();
    while (!begun) std::this_thread::yield();
    leaving = true;
  }
  EXPECT_TRUE(ended);
}

TEST(Toucher, HasTheUsualSliceWhoeverWakesItFirst) {
  base::SchedAttr usual;
  if (!base::ReadSchedAttr(&usual) || usual.runtime == 0) GTEST_SKIP() << "this kernel tells of no slices (Linux 6.12)";
  std::atomic<uint64_t> slice{0};
  Toucher toucher([&slice] {
    base::SchedAttr own;
    EXPECT_TRUE(base::ReadSchedAttr(&own));
    slice = own.runtime;
    return false;
  });
  std::thread([&toucher] {  // like a loop's thread that stores a large value
    base::TakeShortSlices();
    toucher.Wake();
  }).join();
  while (slice == 0) std::this_thread::yield();
  EXPECT_EQ(slice, usual.runtime);
}

TEST(Toucher, NeedsNoThreadIfNobodyWakesIt) {
  Toucher toucher([]() -> bool { ADD_FAILURE(); return false; });
}

}  // namespace
}  // namespace remote_dram::store
