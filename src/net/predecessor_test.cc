// The successor of a killed server: when it may serve the address, all sockets of the dead server are closed.
#include "net/predecessor.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <vector>

#include "base/descriptor.h"
#include "net/socket_address.h"
#include "net/socket_listener.h"

namespace remote_dram::net {
namespace {

constexpr int kRounds = 30;
constexpr int kClients = 40;
constexpr int kDescriptorsBelow = 100;

Address At(const std::string& name) {
  return {.host = "", .port = 0, .path = testing::TempDir() + name + std::to_string(getpid()) + ".sock"};
}

// Serves in this process, for ever. Writes a byte to `tell` when it listens, and another when it has accepted all clients.
// Occupies low descriptors until the lock has its own, so that without countermeasures clients would get lower ones.
[[noreturn]] void Serve(const Address& address, int tell) {
  std::vector<int> below;
  for (int i = 0; i < kDescriptorsBelow; ++i) below.push_back(open("/dev/null", O_RDONLY | O_CLOEXEC));
  EpollLoop& loop = *new EpollLoop;
  std::vector<std::unique_ptr<Accepted>> clients;
  loop.Post([&] {
    loop.AssertHeld();
    auto listener = SocketListener::Bind(&loop, address, [&clients, tell](std::unique_ptr<Accepted> accepted) {
      clients.push_back(std::move(accepted));
      if (clients.size() == kClients && write(tell, "x", 1) != 1) _exit(1);
    });
    if (!listener.ok()) _exit(2);
    new std::unique_ptr<SocketListener>(*std::move(listener));
    for (const int fd : below) close(fd);
    if (write(tell, "x", 1) != 1) _exit(1);
  });
  loop.Run();
  _exit(3);
}

TEST(Predecessor, IsGoneWithAllItsSocketsWhenItsSuccessorServes) {
#ifdef __SANITIZE_THREAD__
  GTEST_SKIP() << "ThreadSanitizer does not follow forks that go on";
#endif
  const Address address = At("predecessor");
  for (int round = 0; round < kRounds; ++round) {
    int ends[2];
    ASSERT_EQ(pipe(ends), 0);
    const pid_t server = fork();
    if (server == 0) Serve(address, ends[1]);
    close(ends[1]);
    char byte = 0;
    ASSERT_EQ(read(ends[0], &byte, 1), 1);
    std::vector<base::Descriptor> clients;
    const SocketAddress name(address);
    for (int i = 0; i < kClients; ++i) {
      clients.push_back(OpenSocket(address));
      ASSERT_EQ(connect(clients.back().fd(), name.get(), name.size), 0);
    }
    ASSERT_EQ(read(ends[0], &byte, 1), 1);
    close(ends[0]);
    EpollLoop loop;
    kill(server, SIGKILL);
    int open = 0;
    loop.RunLast([&] {
      loop.AssertHeld();
      while (true) {
        auto successor = SocketListener::Bind(&loop, address, [](std::unique_ptr<Accepted>) {});
        if (successor.ok()) break;
        ASSERT_EQ(successor.status().code(), StatusCode::kAlreadyExists) << successor.status().ToString();
      }
      for (const base::Descriptor& client : clients) open += recv(client.fd(), &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0;
    });
    int status = 0;
    waitpid(server, &status, 0);
    ASSERT_TRUE(WIFSIGNALED(status));
    ASSERT_EQ(open, 0) << "of " << kClients << " sockets of the dead server, in round " << round;
  }
}

TEST(Predecessor, IsAwaitedUntilItHasEnded) {
  constexpr useconds_t life_us = 200'000;
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  const pid_t child = fork();
  if (child == 0) {
    const std::string mark = MarkOfThisProcess();
    if (write(ends[1], mark.data(), mark.size()) != static_cast<ssize_t>(mark.size())) _exit(1);
    close(ends[1]);
    ualarm(life_us, 0);
    while (true) pause();
  }
  close(ends[1]);
  std::string mark(100, '\0');
  mark.resize(static_cast<size_t>(read(ends[0], mark.data(), mark.size())));
  close(ends[0]);
  EXPECT_TRUE(AwaitEnd(mark).ok());
  EXPECT_EQ(waitpid(child, nullptr, WNOHANG), child) << "it lives";
}

TEST(Predecessor, IsAwaitedNoLongerThanItTakes) {
  EXPECT_TRUE(AwaitEnd("").ok());
  EXPECT_TRUE(AwaitEnd("no mark").ok());
  EXPECT_TRUE(AwaitEnd(MarkOfThisProcess()).ok());  // this process restarts its server
  EXPECT_TRUE(AwaitEnd("1 1 1\n").ok());            // another PID namespace
  const std::string own = MarkOfThisProcess();
  const std::string space = own.substr(own.rfind(' '));
  EXPECT_TRUE(AwaitEnd(std::to_string(getppid()) + " 1" + space).ok());  // another process has this PID now
}

}  // namespace
}  // namespace remote_dram::net
