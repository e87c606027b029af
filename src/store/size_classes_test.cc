// Size classes: every size has one that fits tightly, and larger sizes have larger classes.
#include "store/size_classes.h"

#include <gtest/gtest.h>

namespace remote_dram::store {
namespace {

TEST(SizeClasses, FitEverySizeAndLoseLessThanAnEighthBesideTheHeader) {
  uint64_t previous = 0;
  for (uint64_t bytes = 0; bytes < 200000; ++bytes) {
    const uint64_t stride = StrideOf(bytes);
    ASSERT_GE(stride, bytes + kBlockHeaderBytes) << bytes;
    ASSERT_LT(stride - bytes, kUnitBytes + kBlockHeaderBytes + bytes / 8) << bytes;
    ASSERT_GE(stride, previous) << bytes;
    ASSERT_EQ(stride % kUnitBytes, 0u) << bytes;
    previous = stride;
  }
}

TEST(SizeClasses, AreNumberedInOrderWithoutGaps) {
  int next = 0;
  for (uint64_t bytes = 0; SizeClassOf(bytes); ++bytes) {
    const int size_class = *SizeClassOf(bytes);
    ASSERT_TRUE(size_class == next || size_class == next - 1) << bytes;
    if (size_class == next) {
      ASSERT_TRUE(next == 0 || ClassStride(next) > ClassStride(next - 1));
      ++next;
    }
  }
  EXPECT_EQ(next, kSizeClasses);
}

TEST(SizeClasses, LetLargeValuesStartAQuarterOfAPageAwayFromWhatIsAlignedToPages) {
  EXPECT_EQ(FirstPayloadAt((64 << 10) - 1), kUnitBytes);
  for (uint64_t bytes = 64 << 10; bytes <= uint64_t{1} << 40; bytes *= 2) {
    EXPECT_EQ(FirstPayloadAt(bytes), kPageBytes / 4) << bytes;
    EXPECT_EQ(StrideOf(bytes), bytes + kPageBytes) << bytes;  // starting there takes no further memory
  }
}

TEST(SizeClasses, SpendOneUnitOnAPowerOfTwo) {
  for (uint64_t bytes = 64; bytes <= 32768; bytes *= 2) EXPECT_EQ(StrideOf(bytes), bytes + kUnitBytes);
  for (uint64_t bytes = 65536; bytes <= uint64_t{1} << 40; bytes *= 2) {
    EXPECT_EQ(StrideOf(bytes), bytes + kPageBytes);
  }
  EXPECT_EQ(StrideOf(0), 64u);
  EXPECT_EQ(StrideOf(32), 64u);
  EXPECT_EQ(StrideOf(33), 128u);
}

}  // namespace
}  // namespace remote_dram::store
