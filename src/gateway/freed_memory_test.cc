// KeepFreedMemory: freed memory is used again without asking the system for pages.
#include <gtest/gtest.h>
#include <malloc.h>
#include <sys/resource.h>

#include <memory>
#include <vector>

#include "base/fork_testing.h"
#include "remote_dram/gateway.h"

namespace remote_dram {
namespace {

// The page faults of this thread while it allocates 16 MiB as gRPC does for a write, fills them, and frees them.
long PagesThatTheSystemGives() {
  rusage before, after;
  getrusage(RUSAGE_THREAD, &before);
  {
    std::vector<std::unique_ptr<char[]>> slices;
    for (int i = 0; i < 2048; ++i) slices.push_back(std::make_unique<char[]>(8 << 10));
  }
  getrusage(RUSAGE_THREAD, &after);
  return after.ru_minflt - before.ru_minflt;
}

TEST(KeepFreedMemory, HasTheNextWriteLieWhereTheLastOneLay) {
  if (RD_ADDRESS_SANITIZER) GTEST_SKIP() << "malloc is the sanitizer's";
  mallopt(M_TRIM_THRESHOLD, 128 << 10);  // the default; glibc raises it once large blocks were freed, as by other tests
  PagesThatTheSystemGives();
  EXPECT_GT(PagesThatTheSystemGives(), 1000);  // else the test would prove nothing
  KeepFreedMemory();
  PagesThatTheSystemGives();
  EXPECT_LT(PagesThatTheSystemGives(), 100);
}

}  // namespace
}  // namespace remote_dram
