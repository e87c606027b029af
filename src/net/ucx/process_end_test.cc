// UcxUse: a process that ends while one of its threads is destroying UCX objects.
#include "net/ucx/process_end.h"

#include <dlfcn.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <thread>

#include "net/testing.h"
#include "net/ucx/real_network.h"

namespace remote_dram::net::ucx {
namespace {

constexpr int kTooEarly = 7;

std::atomic<bool> watched{false}, given_back{false};
Latch inside, ending;

}  // namespace

// Interposes the function of UCX that a fabric calls last.
extern "C" void ucp_cleanup(ucp_context_h context) {
  static const auto real = reinterpret_cast<void (*)(ucp_context_h)>(dlsym(RTLD_NEXT, "ucp_cleanup"));
  if (watched.load()) {
    inside.Set();
    ending.Wait();
  }
  real(context);
  if (watched.load()) given_back.store(true);
}

namespace {

void UseUcx() {
  NoMessages sink;
  RealNetwork network;
  network.SetSink(&sink);
  RunOn(network.loop(), [&network] { EXPECT_TRUE(network.Shm().ok()); });
}

// Exit handlers run in reverse order of registration, and the library registers its own at its first use, in UseUcx. So the
// check of given_back runs after the library's handler, and ending.Set before it.
[[noreturn]] void EndInTheMiddle() {
  std::atexit([] {
    if (!given_back.load()) _exit(kTooEarly);
  });
  UseUcx();
  std::atexit([] { ending.Set(); });
  watched.store(true);
  std::thread(UseUcx).detach();
  inside.Wait();
  std::exit(0);
}

[[noreturn]] void UseUcxLate() {
  std::atexit(UseUcx);
  UseUcx();
  std::exit(0);
}

class ProcessEndTest : public testing::Test {
 protected:
  ProcessEndTest() { GTEST_FLAG_SET(death_test_style, "threadsafe"); }
};

TEST_F(ProcessEndTest, WaitsForAThreadThatIsInsideUcx) {
  EXPECT_EXIT(EndInTheMiddle(), testing::ExitedWithCode(0), "");
}

TEST_F(ProcessEndTest, LeavesUcxToTheThreadThatEndsTheProcess) {
  EXPECT_EXIT(UseUcxLate(), testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace remote_dram::net::ucx
