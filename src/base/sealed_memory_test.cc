// SealedMemory: pages are allocated before they are touched, on old and new kernels, and are returned to the system.
#include "base/sealed_memory.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

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

// Runs in a fresh process ("threadsafe"), because each process asks only once whether its kernel knows the advice.
TEST(SealedMemoryDeathTest, TakesThemFromAnOldKernelToo) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  const auto took = [] {
    const bool filtered = OnAThreadWhoseMadviseFails(EINVAL, ExpectItTakesAndGivesBack);
    EXPECT_TRUE(filtered) << "no thread may filter its system calls here";
    return !testing::Test::HasFailure();
  };
  EXPECT_EXIT(_exit(took() ? 0 : 1), testing::ExitedWithCode(0), "");
}

TEST(SealedMemory, SaysThatNoDescriptorCame) {
  const Status refused = SealedMemory::Map({}, 0, kPageBytes).status();
  EXPECT_EQ(refused.ToString(), "RESOURCE_EXHAUSTED: no descriptor of the memory came: none was sent, or none was left for it");
}

}  // namespace
}  // namespace remote_dram::base
