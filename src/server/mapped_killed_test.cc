// After a mapped server was killed: the client trusts nothing in its memory, and keeps nothing mapped except views.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <future>
#include <thread>

#include "server/mapped_testing.h"

namespace remote_dram {
namespace {

constexpr unsigned child_seconds_max = 60;  // then SIGALRM ends a child that the test has not ended

// The server is a child process, and its store contains "key".
class MappedKilledTest : public MappedTest {
 protected:
  void SetUp() override {
#ifdef __SANITIZE_THREAD__
    GTEST_SKIP() << "ThreadSanitizer cannot follow a fork of a process with threads";
#endif
    int ends[2];
    ASSERT_EQ(pipe(ends), 0);
    child_ = fork();
    if (child_ == 0) {
      alarm(child_seconds_max);
      ServerOptions options;
      options.socket_path = path_;
      Result<Server> server = Server::Start(options);
      if (!server.ok() || !server->local().Put("key", "value").ok() || write(ends[1], "x", 1) != 1) _exit(1);
      while (true) pause();
    }
    close(ends[1]);
    char byte;
    ASSERT_EQ(read(ends[0], &byte, 1), 1);
    close(ends[0]);
  }
  void TearDown() override { Kill(); }
  Client Connect() { return MappedTest::Connect("unix:" + path_); }
  void Kill() {
    if (child_ == 0) return;
    kill(child_, SIGKILL);
    waitpid(child_, nullptr, 0);
    child_ = 0;
  }

  const std::string path_ = testing::TempDir() + "rd-killed-" + std::to_string(getpid()) + ".sock";
  pid_t child_ = 0;
};

// The killed server's shards stay open for ever, and the client's loop is blocked, so that the client does not hear that
// the lifeline ended.
TEST_F(MappedKilledTest, IsNotBelieved) {
  Client client = Connect();
  const Value view = View(client, "key");
  const auto held = std::make_shared<std::promise<void>>();
  std::promise<void> go_on;
  client.Get("key", {}, [held, told = go_on.get_future().share()](const Result<GetResult>&) {
    held->set_value();
    told.wait();  // captured by value: the test may have returned by then
  });
  held->get_future().wait();
  Kill();
  EXPECT_EQ(client.Get("key").status().code(), StatusCode::kUnavailable);
  EXPECT_EQ(client.Get("none").status().code(), StatusCode::kUnavailable);
  EXPECT_EQ(view.bytes(), "value");
  go_on.set_value();
}

TEST_F(MappedKilledTest, LeavesNothingMapped) {
  Client client = Connect();
  View(client, "key");
  const std::vector<std::string> all = {"r--s remote_dram", "r--s remote_dram", "rw-s remote_dram pins", "rw-s remote_dram rings"};
  EXPECT_EQ(SharedMemory(), all);
  Kill();
  EXPECT_EQ(client.Get("key").status().code(), StatusCode::kUnavailable);
  while (!SharedMemory().empty()) std::this_thread::yield();
}

TEST_F(MappedKilledTest, LeavesAViewItsSegmentAndItsPinsUntilItIsDropped) {
  Client client = Connect();
  Value view = View(client, "key");
  Kill();
  EXPECT_EQ(client.Get("key").status().code(), StatusCode::kUnavailable);
  const std::vector<std::string> views = {"r--s remote_dram", "rw-s remote_dram pins"};
  while (SharedMemory() != views) std::this_thread::yield();
  EXPECT_EQ(view.bytes(), "value");
  view = Value();
  EXPECT_EQ(SharedMemory(), std::vector<std::string>());
}

}  // namespace
}  // namespace remote_dram
