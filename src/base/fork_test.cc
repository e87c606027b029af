// Fork: which descriptors a child finds closed, and the error that it gets for its parent's objects.
#include "base/fork.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "base/descriptor.h"
#include "base/fork_testing.h"

namespace remote_dram::base {
namespace {

Descriptor OpenNull() {
  return Descriptor([] { return open("/dev/null", O_RDONLY | O_CLOEXEC); });
}

bool IsOpen(int fd) { return fcntl(fd, F_GETFD) >= 0; }

TEST(Fork, ClosesDescriptorsInTheChildAndLeavesTheParents) {
  const Descriptor kept = OpenNull();
  ASSERT_TRUE(kept.valid());
  EXPECT_EQ(InChild([&kept] { return IsOpen(kept.fd()); }), 0);
  EXPECT_TRUE(IsOpen(kept.fd()));
}

TEST(Fork, LeavesTheChildWhatWasHandedOn) {
  const int fd = OpenNull().Release();
  EXPECT_EQ(InChild([fd] { return IsOpen(fd); }), 1);
  close(fd);
}

TEST(Fork, DoesNotCloseANumberThatSomebodyElseHasNow) {
  int number = -1;
  {
    const Descriptor gone = OpenNull();
    number = gone.fd();
  }
  const int others = fcntl(STDERR_FILENO, F_DUPFD, number);
  ASSERT_EQ(others, number);
  EXPECT_EQ(InChild([others] { return IsOpen(others); }), 1);
  close(others);
}

TEST(Fork, TellsTheChildWhoseTheThingIs) {
  const Home home;
  EXPECT_TRUE(home.Here());
  EXPECT_TRUE(home.Check("client").ok());
  const std::string parent = std::to_string(getpid());
  EXPECT_EQ(InChild([&home, &parent] {
              const Status status = home.Check("client");
              const bool names_it = status.message().find("this client belongs to process " + parent) == 0;
              return !home.Here() && status.code() == StatusCode::kFailedPrecondition && names_it;
            }),
            1);
  EXPECT_TRUE(home.Here());
}

TEST(Fork, LetsTheChildMakeThingsOfItsOwn) {
  const Home parents;
  EXPECT_EQ(InChild([&parents] { return Home().Here() && !parents.Here() && OpenNull().valid(); }), 1);
}

}  // namespace
}  // namespace remote_dram::base
