// Toucher: pieces until there are no more, wake-ups that are not lost, and the end.
#include "store/toucher.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

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

TEST(Toucher, NeedsNoThreadIfNobodyWakesIt) {
  Toucher toucher([]() -> bool { ADD_FAILURE(); return false; });
}

}  // namespace
}  // namespace remote_dram::store
