// SealedMemory: pages that are taken from the system before they are touched, by whatever kernel, and given back.
#include "base/sealed_memory.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>

#include "base/madvise_testing.h"

namespace remote_dram::base {
namespace {

constexpr uint64_t kPageBytes = 4096;

uint64_t TakenFromTheSystem(const Descriptor& memory) {
  struct stat found;
  EXPECT_EQ(fstat(memory.fd(), &found), 0);
  return static_cast<uint64_t>(found.st_blocks) * 512;
}

void ExpectItTakesAndGivesBack() {
  const Descriptor memory = MakeSealed("test", 8 * kPageBytes);
  const auto mapped = SealedMemory::MapToWrite(memory, kPageBytes, 6 * kPageBytes);
  ASSERT_TRUE(mapped.ok()) << mapped.status().ToString();
  EXPECT_EQ(TakenFromTheSystem(memory), 0u);
  EXPECT_TRUE((*mapped)->Populate(kPageBytes, 2 * kPageBytes));
  EXPECT_EQ(TakenFromTheSystem(memory), 2 * kPageBytes);
  std::memset((*mapped)->base() + kPageBytes, 'x', 2 * kPageBytes);
  EXPECT_EQ(TakenFromTheSystem(memory), 2 * kPageBytes) << "they are others";
  (*mapped)->Release(kPageBytes, 2 * kPageBytes);
  EXPECT_EQ(TakenFromTheSystem(memory), 0u);
}

TEST(SealedMemory, TakesPagesFromTheSystemAndGivesThemBack) { ExpectItTakesAndGivesBack(); }

TEST(SealedMemory, TakesThemFromAnOldKernelToo) {
  EXPECT_TRUE(OnAThreadWhoseMadviseFails(EINVAL, ExpectItTakesAndGivesBack)) << "no thread may filter its system calls here";
}

}  // namespace
}  // namespace remote_dram::base
