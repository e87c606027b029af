// The load on simulated networks: many seeds, each with its own faults.
#include "history/simulation.h"

#include <gtest/gtest.h>

#include <filesystem>

namespace remote_dram::history {
namespace {

constexpr uint64_t kSeeds = 100;  // a build without sanitizers tries many more, see CMakeLists.txt

TEST(Simulation, FindsNothingWrong) {
  const std::string directory = MemoryDirectory();
  Simulated all;
  for (uint64_t seed = 1; seed <= kSeeds; ++seed) {
    const Simulated one = Simulate(seed, {.directory = directory});
    for (const std::string& line : one.wrong) ADD_FAILURE() << "seed " << seed << ": " << line;
    all.Add(one);
  }
  EXPECT_GT(all.answered, 100 * kSeeds);
  EXPECT_GT(all.unknown, kSeeds / 10);
  EXPECT_GT(all.incarnations, kSeeds);
  std::filesystem::remove_all(directory);
}

}  // namespace
}  // namespace remote_dram::history
