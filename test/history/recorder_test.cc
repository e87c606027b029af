// Recorder: a reader finds every recorded operation whole, even after a SIGKILL in the middle of recording.
#include "history/recorder.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>

#include "history/history.h"

namespace remote_dram::history {
namespace {

class RecorderTest : public testing::Test {
 protected:
  void TearDown() override { std::filesystem::remove(file_); }

  Recorder Create() const {
    Result<Recorder> recorder = Recorder::Create(file_);
    EXPECT_TRUE(recorder.ok()) << recorder.status().ToString();
    return *std::move(recorder);
  }

  const std::string file_ = testing::TempDir() + "rd-recorder-" + std::to_string(getpid()) + ".history";
};

TEST_F(RecorderTest, GivesBackWhatWasAddedAndTakesNoMoreRoom) {
  {
    Recorder recorder = Create();
    const Item items[] = {{.value = 1, .key = 7, .what = What::kValue}, {.key = 8}};
    Operation* const operation = recorder.Add({.began_ns = 5, .incarnation = 3, .kind = Kind::kWrite}, items);
    recorder.Add({.began_ns = 6}, {});
    Recorder::Finish(operation, End::kDone, 9, 7);
  }
  History history;
  ASSERT_TRUE(history.Open(file_).ok());
  ASSERT_EQ(history.operations().size(), 2u);
  const Operation& first = *history.operations()[0];
  EXPECT_EQ(first.end, End::kDone);
  EXPECT_EQ(first.sequence, 9u);
  EXPECT_EQ(first.ended_ns, 7u);
  ASSERT_EQ(ItemsOf(first).size(), 2u);
  EXPECT_EQ(ItemsOf(first)[1].key, 8u);
  EXPECT_EQ(history.operations()[1]->end, End::kNever);
  EXPECT_EQ(std::filesystem::file_size(file_), sizeof(FileHeader) + 2 * sizeof(Operation) + 2 * sizeof(Item));
}

TEST_F(RecorderTest, KeepsWhatAKilledProcessHadSent) {
  const pid_t child = fork();
  if (child == 0) {
    Recorder recorder = Create();
    const Item item{.value = 1, .what = What::kValue};
    recorder.Add({.began_ns = 5, .kind = Kind::kWrite}, {&item, 1});
    raise(SIGKILL);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFSIGNALED(status));
  History history;
  ASSERT_TRUE(history.Open(file_).ok());
  ASSERT_EQ(history.operations().size(), 1u);
  EXPECT_EQ(history.operations()[0]->end, End::kNever);
}

TEST_F(RecorderTest, MayBeKilledBeforeItBegan) {
  for (const off_t bytes : {0, 4096}) {
    const int fd = open(file_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    ASSERT_EQ(ftruncate(fd, bytes), 0);
    close(fd);
    History history;
    EXPECT_TRUE(history.Open(file_).ok());
    EXPECT_TRUE(history.operations().empty());
  }
}

TEST_F(RecorderTest, DoesNotWriteOverAnotherRecord) {
  const Recorder first = Create();
  EXPECT_FALSE(Recorder::Create(file_).ok());
}

TEST_F(RecorderTest, IsNotTakenForAnythingElse) {
  History history;
  EXPECT_EQ(history.Open(file_).code(), StatusCode::kNotFound);
  EXPECT_EQ(history.Open("/proc/self/exe").code(), StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace remote_dram::history
