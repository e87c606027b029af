// CheckAfterFork: what a forked child may do with UCX.
#include "net/ucx/after_fork.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <string>
#include <thread>

#include "base/fork_testing.h"

namespace remote_dram::net::ucx {
namespace {

using base::HoldsInChild;

bool Refuses(Kind kind, const std::function<void()>& trial) {
  const Status status = CheckAfterFork(kind, trial);
  return status.code() == StatusCode::kFailedPrecondition && status.message().find("fork") != std::string::npos;
}

void NeverComesBack() {
  while (true) pause();
}

// Whether a trial came back. Its thread has ended then: ThreadSanitizer starts no thread in a child that was forked while
// there were others.
bool ComesBack() {
  static std::atomic<pid_t> thread{0};
  if (!CheckAfterFork(Kind::kShm, [] { thread = gettid(); }).ok()) return false;
  while (std::filesystem::exists("/proc/self/task/" + std::to_string(thread))) std::this_thread::yield();
  return true;
}

class AfterForkTest : public testing::Test {
 protected:
  // Makes this process, the parent, the first user of UCX.
  void SetUp() override { ASSERT_TRUE(CheckAfterFork(Kind::kShm, NeverComesBack).ok()); }
};

TEST_F(AfterForkTest, TriesNothingInTheProcessThatUsedUcxFirst) {
  EXPECT_TRUE(CheckAfterFork(Kind::kTcp, NeverComesBack).ok());
}

TEST_F(AfterForkTest, RefusesTcpInAChild) {
  EXPECT_TRUE(HoldsInChild([] { return Refuses(Kind::kTcp, [] {}); }));
}

TEST_F(AfterForkTest, RefusesSharedMemoryInAChildWhereUcxDoesNotComeBack) {
  EXPECT_TRUE(HoldsInChild([] { return Refuses(Kind::kShm, NeverComesBack); }));
}

TEST_F(AfterForkTest, StartsNoOtherTrialInAChildWhereOneHasNotComeBack) {
  EXPECT_TRUE(HoldsInChild([] {
    bool again = false;
    return Refuses(Kind::kShm, NeverComesBack) && Refuses(Kind::kShm, [&again] { again = true; }) && !again;
  }));
}

TEST_F(AfterForkTest, TriesOnceInAChildAndOnceMoreInAChildOfThat) {
  EXPECT_TRUE(HoldsInChild([] {
    const bool once = ComesBack() && CheckAfterFork(Kind::kShm, NeverComesBack).ok();
    return once && HoldsInChild([] { return Refuses(Kind::kShm, NeverComesBack); });
  }));
}

}  // namespace
}  // namespace remote_dram::net::ucx
