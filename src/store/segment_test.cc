// Segment: where its memory lies, and what the system refuses.
#include "store/segment.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>

#include "base/madvise_testing.h"
#include "store/size_classes.h"

namespace remote_dram::store {
namespace {

class SegmentTest : public testing::TestWithParam<Sharing> {};

TEST_P(SegmentTest, BeginsWhereAHugePageMay) {
  constexpr uint64_t kHugePageBytes = uint64_t{2} << 20;
  for (const uint64_t pages : {1, 511, 513}) {
    const auto segment = Segment::Map(pages * kPageBytes, GetParam());
    ASSERT_TRUE(segment.ok()) << segment.status().ToString();
    EXPECT_EQ(reinterpret_cast<uintptr_t>((*segment)->base()) % kHugePageBytes, 0u);
    EXPECT_EQ((*segment)->memory().valid(), GetParam() == Sharing::kShared);
    ASSERT_TRUE((*segment)->Reserve(0, pages).ok());
    std::memset((*segment)->base(), 'x', pages * kPageBytes);  // every byte may be written
  }
}

TEST_P(SegmentTest, RefusesMoreThanAProcessCanMap) {
  for (const uint64_t bytes : {uint64_t{1} << 60, UINT64_MAX - kPageBytes + 1}) {
    EXPECT_EQ(Segment::Map(bytes, GetParam()).status().code(), StatusCode::kResourceExhausted) << bytes;
  }
}

TEST(Segment, ReservesPagesOfAnOldKernelToo) {
  const auto reserve = [] {
    const auto segment = Segment::Map(4 * kPageBytes, Sharing::kShared);
    ASSERT_TRUE(segment.ok()) << segment.status().ToString();
    ASSERT_TRUE((*segment)->Reserve(1, 2).ok());
    struct stat found;
    ASSERT_EQ(fstat((*segment)->memory().fd(), &found), 0);
    EXPECT_EQ(static_cast<uint64_t>(found.st_blocks) * 512, 2 * kPageBytes);
  };
  EXPECT_TRUE(base::OnAThreadWhoseMadviseFails(EINVAL, reserve)) << "no thread may filter its system calls here";
}

INSTANTIATE_TEST_SUITE_P(Store, SegmentTest, testing::Values(Sharing::kPrivate, Sharing::kShared));

}  // namespace
}  // namespace remote_dram::store
