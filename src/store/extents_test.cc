// FreeExtents: best fit, joining, and a random walk against a bitmap.
#include "store/extents.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace remote_dram::store {
namespace {

TEST(FreeExtents, TakesTheShortestFitAndOfEqualOnesTheFirst) {
  FreeExtents free;
  free.Give({0, 0, 100});
  free.Give({1, 50, 10});
  free.Give({1, 10, 10});
  EXPECT_EQ(*free.Take(8), (Extent{1, 10, 8}));
  EXPECT_EQ(*free.Take(8), (Extent{1, 50, 8}));
  EXPECT_EQ(*free.Take(3), (Extent{0, 0, 3}));
  EXPECT_EQ(*free.Take(2), (Extent{1, 18, 2}));
  EXPECT_FALSE(free.Take(98));
  EXPECT_EQ(*free.Take(97), (Extent{0, 3, 97}));
}

TEST(FreeExtents, JoinsNeighboursOfOneSegmentOnly) {
  FreeExtents free;
  EXPECT_EQ(free.Give({7, 0, 10}), (Extent{7, 0, 10}));
  EXPECT_EQ(free.Give({7, 20, 10}), (Extent{7, 20, 10}));
  EXPECT_EQ(free.Give({8, 35, 10}), (Extent{8, 35, 10}));
  EXPECT_EQ(free.Give({9, 45, 5}), (Extent{9, 45, 5}));
  EXPECT_EQ(free.Give({7, 10, 10}), (Extent{7, 0, 30}));
  EXPECT_EQ(free.Give({7, 30, 5}), (Extent{7, 0, 35}));
  free.Remove({7, 0, 35});
  EXPECT_FALSE(free.Take(11));
  EXPECT_EQ(*free.Take(10), (Extent{8, 35, 10}));
}

TEST(FreeExtents, AgreesWithABitmapOverARandomWalk) {
  constexpr uint64_t pages = 512;
  std::mt19937 random(1);
  FreeExtents free;
  free.Give({0, 0, pages});
  std::vector<bool> taken(pages);
  std::vector<Extent> held;
  for (int step = 0; step < 20000; ++step) {
    if (random() % 2 == 0) {
      const std::optional<Extent> extent = free.Take(1 + random() % 40);
      if (!extent) continue;
      for (uint64_t i = 0; i < extent->pages; ++i) {
        ASSERT_FALSE(taken[extent->page + i]);
        taken[extent->page + i] = true;
      }
      held.push_back(*extent);
    } else if (!held.empty()) {
      std::swap(held[random() % held.size()], held.back());
      const Extent extent = held.back();
      held.pop_back();
      for (uint64_t i = 0; i < extent.pages; ++i) taken[extent.page + i] = false;
      const Extent whole = free.Give(extent);
      // Maximal: the pages on either side are taken, or there are none.
      EXPECT_TRUE(whole.page == 0 || taken[whole.page - 1]);
      EXPECT_TRUE(whole.page + whole.pages == pages || taken[whole.page + whole.pages]);
    }
  }
  for (const Extent& extent : held) free.Give(extent);
  EXPECT_EQ(*free.Take(pages), (Extent{0, 0, pages}));
}

}  // namespace
}  // namespace remote_dram::store
