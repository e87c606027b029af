// Mutations: the lowest undecided number, and the window.
#include "client/mutations.h"

#include <gtest/gtest.h>

namespace remote_dram::client {
namespace {

TEST(Mutations, AreNumberedFromOneOn) {
  Mutations mutations;
  EXPECT_EQ(mutations.lowest(), 1u);
  EXPECT_EQ(mutations.Begin(), 1u);
  EXPECT_EQ(mutations.Begin(), 2u);
  EXPECT_EQ(mutations.lowest(), 1u);
}

TEST(Mutations, MoveTheLowestOnlyWhenItIsDecided) {
  Mutations mutations;
  for (int i = 0; i < 4; ++i) mutations.Begin();
  mutations.End(2);
  mutations.End(3);
  EXPECT_EQ(mutations.lowest(), 1u);
  mutations.End(1);
  EXPECT_EQ(mutations.lowest(), 4u);
  mutations.End(4);
  EXPECT_EQ(mutations.lowest(), 5u);
  EXPECT_EQ(mutations.Begin(), 5u);
}

TEST(Mutations, AreFullWhenTheServerWouldNotRememberMore) {
  Mutations mutations;
  for (uint32_t i = 0; i < wire::mutations_window_max; ++i) {
    EXPECT_FALSE(mutations.full());
    mutations.Begin();
  }
  EXPECT_TRUE(mutations.full());
  mutations.End(2);
  EXPECT_TRUE(mutations.full());
  mutations.End(1);
  EXPECT_FALSE(mutations.full());
}

}  // namespace
}  // namespace remote_dram::client
