// World: visitors wait for its events, and run in an order that depends only on the seed.
#include "net/sim/world.h"

#include <gtest/gtest.h>

#include <string>

namespace remote_dram::net::sim {
namespace {

TEST(World, LetsAVisitorWaitForAnEvent) {
  World world(1);
  const TimePoint begun = world.now();
  std::string seen;
  Latch latch;
  world.At(begun + std::chrono::seconds(3), [&] {
    seen += "event ";
    latch.Set();
  });
  world.Invite([&] {
    seen += "begun ";
    world.RunUntil(latch);
    seen += "gone";
  });
  EXPECT_EQ(seen, "");
  world.RunVisits();
  EXPECT_EQ(seen, "begun event gone");
  EXPECT_EQ(world.now(), begun + std::chrono::seconds(3));
}

// The order in which five visitors run that pause for random times.
std::string RandomVisits(uint64_t seed) {
  World world(seed);
  std::string seen;
  for (char name = 'a'; name < 'f'; ++name) {
    world.Invite([&world, &seen, name] {
      for (int i = 0; i < 20; ++i) {
        seen += name;
        world.Pause(std::chrono::microseconds(world.Random() % 100));
      }
    });
  }
  world.RunVisits();
  return seen;
}

TEST(World, RepeatsWhatVisitorsDoFromTheSameSeed) {
  EXPECT_EQ(RandomVisits(1).size(), 100u);
  EXPECT_EQ(RandomVisits(1), RandomVisits(1));
  EXPECT_NE(RandomVisits(1), RandomVisits(2));
}

}  // namespace
}  // namespace remote_dram::net::sim
