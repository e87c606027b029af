// DeathMark: the ways in which a process can end, and what the word says afterwards.
#include "base/death_mark.h"

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <functional>
#include <string>

#include "base/fork_testing.h"

namespace remote_dram::base {
namespace {

constexpr int kRounds = 100;

class DeathMarkTest : public testing::Test {
 protected:
  void SetUp() override {
    void* const page = mmap(nullptr, sizeof *word_, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    ASSERT_NE(page, MAP_FAILED);
    word_ = static_cast<uint32_t*>(page);
  }
  void TearDown() override {
    if (word_ != nullptr) munmap(word_, sizeof *word_);
  }
  bool Lives() const { return DeathMark::LivesIn(std::atomic_ref<uint32_t>(*word_).load()); }

  uint32_t* word_ = nullptr;
};

class DeathMarkOfAnotherProcessTest : public DeathMarkTest {
 protected:
  void SetUp() override {
#ifdef __SANITIZE_THREAD__
    GTEST_SKIP() << "ThreadSanitizer does not follow forks that go on";
#endif
    DeathMarkTest::SetUp();
  }

  // Forks a child that makes a DeathMark of the word, and calls `then` after this process has seen the mark.
  pid_t Marking(const std::function<void()>& then) {
    int ends[2];
    EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
    const pid_t child = fork();
    if (child == 0) {
      alarm(child_seconds_max);
      const auto mark = DeathMark::Make(word_);
      char go_on;
      if (!mark.ok() || write(ends[1], "x", 1) != 1 || read(ends[1], &go_on, 1) != 1) _exit(1);
      then();
      _exit(2);
    }
    close(ends[1]);
    socket_ = ends[0];
    char byte = 0;
    EXPECT_EQ(read(socket_, &byte, 1), 1) << "no mark was made";
    EXPECT_TRUE(Lives());
    EXPECT_EQ(write(socket_, "x", 1), 1);
    return child;
  }
  // Returns when the other end of the socket is closed.
  void AwaitEndOfSocket() {
    char byte = 0;
    EXPECT_LE(read(socket_, &byte, 1), 0);  // negative (an error) if the child ended before it read our byte
    close(socket_);
  }

  int socket_ = -1;
};

TEST_F(DeathMarkOfAnotherProcessTest, TellsOfEveryWayToEnd) {
  const std::function<void()> ways[] = {
      [] { pause(); },  // until it is killed
      [] { _exit(0); },
      [] { std::abort(); },
      [] { execl("/bin/true", "true", nullptr); },
  };
  for (const auto& way : ways) {
    const pid_t child = Marking(way);
    if (&way == &ways[0]) kill(child, SIGKILL);
    EXPECT_EQ(waitpid(child, nullptr, 0), child);
    EXPECT_FALSE(Lives());
    close(socket_);
  }
}

TEST_F(DeathMarkOfAnotherProcessTest, IsThereBeforeASocketTellsOfTheEnd) {
  for (int round = 0; round < kRounds; ++round) {
    const pid_t child = Marking([] { pause(); });
    kill(child, SIGKILL);
    AwaitEndOfSocket();
    EXPECT_FALSE(Lives()) << "in round " << round;
    EXPECT_EQ(waitpid(child, nullptr, 0), child);
  }
}

TEST_F(DeathMarkTest, TellsOfAnOrderlyEnd) {
  auto mark = DeathMark::Make(word_);
  ASSERT_TRUE(mark.ok()) << mark.status().ToString();
  EXPECT_TRUE(Lives());
  mark->reset();
  EXPECT_FALSE(Lives());
}

TEST_F(DeathMarkOfAnotherProcessTest, TellsOfTheParentAfterAForkedChildHasEnded) {
  const auto mark = DeathMark::Make(word_);
  EXPECT_TRUE(HoldsInChild([this] { return Lives(); }));
  EXPECT_TRUE(Lives());
}

}  // namespace
}  // namespace remote_dram::base
