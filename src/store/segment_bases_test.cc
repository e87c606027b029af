// SegmentBases: every number has a place of its own, and a base is seen by threads that were told of its segment.
#include "store/segment_bases.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

namespace remote_dram::store {
namespace {

TEST(SegmentBases, KeepsTheBaseOfEverySegment) {
  constexpr uint32_t kSegments = 1000;  // several parts
  SegmentBases bases;
  std::vector<char> memory(kSegments);
  for (uint32_t i = 0; i < kSegments; ++i) ASSERT_TRUE(bases.Set(i, &memory[i]));
  for (uint32_t i = 0; i < kSegments; ++i) EXPECT_EQ(bases.Of(i), &memory[i]) << i;
}

TEST(SegmentBases, IsReadWhileItGrows) {
  constexpr uint32_t kSegments = 10'000;
  SegmentBases bases;
  std::vector<char> memory(kSegments);
  std::atomic<uint32_t> told{0};  // in the place of a shard's lock
  std::thread writer([&] {
    for (uint32_t i = 0; i < kSegments; ++i) {
      EXPECT_TRUE(bases.Set(i, &memory[i]));
      told = i + 1;
    }
  });
  for (uint32_t known = 0; known < kSegments;) {
    known = told;
    if (known == 0) continue;
    EXPECT_EQ(bases.Of(known - 1), &memory[known - 1]);
  }
  writer.join();
}

}  // namespace
}  // namespace remote_dram::store
