// KeepFreedMemory: what is freed serves again without the system.
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <memory>
#include <vector>

#include "remote_dram/gateway.h"

namespace remote_dram {
namespace {

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define REMOTE_DRAM_SANITIZED
#endif
#endif
#if defined(__GLIBC__) && !defined(REMOTE_DRAM_SANITIZED) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)

// Of this thread, while it allocates a write of 16 MiB as gRPC does, fills it, and frees it.
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
  PagesThatTheSystemGives();
  EXPECT_GT(PagesThatTheSystemGives(), 1000);  // else the test says nothing
  KeepFreedMemory();
  PagesThatTheSystemGives();
  EXPECT_LT(PagesThatTheSystemGives(), 100);
}

#endif

}  // namespace
}  // namespace remote_dram
