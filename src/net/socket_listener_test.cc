// SocketListener: clients can connect, and a Unix socket's path has exactly one owner.
#include "net/socket_listener.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <fstream>

#include "net/socket_address.h"
#include "net/socket_link.h"
#include "net/testing.h"

namespace remote_dram::net {
namespace {

class SocketListenerTest : public testing::Test {
 protected:
  Result<std::unique_ptr<SocketListener>> Bind(const Address& address, unsigned socket_mode = SocketListener::kOwnerOnly) {
    Result<std::unique_ptr<SocketListener>> bound = Status(StatusCode::kInternal, "not tried");
    loop_.Do([&] {
      const auto accept = [this](std::unique_ptr<Accepted> accepted) { accepted_.push_back(std::move(accepted)); };
      bound = SocketListener::Bind(&loop_.get(), address, accept, nullptr, socket_mode);
    });
    return bound;
  }
  void Drop(std::unique_ptr<SocketListener>& listener) {
    loop_.Do([&listener] { listener.reset(); });
  }
  // Connects to the address, and sends a frame in each direction.
  void ExpectConversation(const Address& address) {
    LinkEvents client_events, server_events;
    std::unique_ptr<SocketLink> client, server;
    loop_.Do([&] {
      loop_->AssertHeld();
      client = std::make_unique<SocketLink>(&loop_.get(), address, &client_events);
      client->Send("ping");
    });
    while (accepted_count() == 0) std::this_thread::yield();
    loop_.Do([&] {
      loop_->AssertHeld();
      base::Descriptor socket = static_cast<AcceptedSocket&>(*accepted_.back()).Take();
      accepted_.clear();
      server = std::make_unique<SocketLink>(&loop_.get(), std::move(socket), &server_events);
      server->Send("pong");
    });
    server_events.arrived.Wait();
    client_events.arrived.Wait();
    loop_.Do([&] {
      EXPECT_EQ(server_events.frame, "ping");
      EXPECT_EQ(client_events.frame, "pong");
      EXPECT_EQ(client->peer_host(), address.host);
      EXPECT_EQ(server->local_host(), address.host);
      client.reset();
      server.reset();
    });
  }
  size_t accepted_count() {
    size_t count = 0;
    loop_.Do([this, &count] { count = accepted_.size(); });
    return count;
  }
  static Address Unix(const std::string& name) {
    return {.host = "", .path = testing::TempDir() + "rd-" + std::to_string(getpid()) + "-" + name};
  }
  static bool Exists(const std::string& path) {
    struct stat found;
    return lstat(path.c_str(), &found) == 0;
  }

  RunningLoop loop_;
  std::vector<std::unique_ptr<Accepted>> accepted_;
};

TEST_F(SocketListenerTest, AcceptsOverTcpOnAPortThatItNames) {
  Result<std::unique_ptr<SocketListener>> listener = Bind({.host = "127.0.0.1", .path = ""});
  ASSERT_TRUE(listener.ok()) << listener.status().ToString();
  const Result<Address> address = ParseAddress((*listener)->address());
  ASSERT_TRUE(address.ok());
  EXPECT_NE(address->port, 0);
  ExpectConversation(*address);
  Drop(*listener);
}

TEST_F(SocketListenerTest, AcceptsOverAUnixSocketAndTakesItsFilesAway) {
  const Address address = Unix("talk.sock");
  Result<std::unique_ptr<SocketListener>> listener = Bind(address);
  ASSERT_TRUE(listener.ok()) << listener.status().ToString();
  EXPECT_EQ((*listener)->address(), address.ToString());
  ExpectConversation(address);
  Drop(*listener);
  EXPECT_FALSE(Exists(address.path));
  EXPECT_FALSE(Exists(address.path + ".lock"));
}

TEST_F(SocketListenerTest, AcceptsOverANameThatIsNoFiles) {
  const Address address{.host = "", .path = "@rd-" + std::to_string(getpid()) + "-name"};
  Result<std::unique_ptr<SocketListener>> listener = Bind(address);
  ASSERT_TRUE(listener.ok()) << listener.status().ToString();
  ExpectConversation(address);
  EXPECT_EQ(Bind(address).status().code(), StatusCode::kAlreadyExists);
  EXPECT_FALSE(Exists(address.path));
  EXPECT_FALSE(Exists(address.path + ".lock"));
  Drop(*listener);
  listener = Bind(address);
  EXPECT_TRUE(listener.ok()) << listener.status().ToString();
  Drop(*listener);
}

TEST_F(SocketListenerTest, LetsOthersOnTheLoopHaveTheirTurnWhereManyComeAtOnce) {
  constexpr size_t at_once = SocketListener::accepted_at_once_max, all = 2 * at_once + 1;
  const Address address = Unix("many.sock");
  std::vector<base::Descriptor> clients;
  std::vector<size_t> accepted_by_turns;
  std::unique_ptr<SocketListener> listener;
  loop_.Do([&] {
    const auto accept = [&](std::unique_ptr<Accepted> accepted) {
      loop_->AssertHeld();
      if (accepted_.size() % at_once == 0) loop_->Soon([&] { accepted_by_turns.push_back(accepted_.size()); });
      accepted_.push_back(std::move(accepted));
    };
    listener = *SocketListener::Bind(&loop_.get(), address, accept);
    const SocketAddress name(address);
    for (size_t i = 0; i < all; ++i) {
      clients.push_back(OpenSocket(address));
      ASSERT_EQ(connect(clients.back().fd(), name.get(), name.size), 0);
    }
  });
  while (accepted_count() < all) std::this_thread::yield();
  loop_.Do([&] { EXPECT_EQ(accepted_by_turns, (std::vector<size_t>{at_once, 2 * at_once, all})); });
  Drop(listener);
}

TEST_F(SocketListenerTest, LetsOnlyItsUserIn) {
  const Address address = Unix("mode.sock");
  const mode_t before = umask(0);
  Result<std::unique_ptr<SocketListener>> listener = Bind(address);
  umask(before);
  ASSERT_TRUE(listener.ok()) << listener.status().ToString();
  for (const std::string& path : {address.path, address.path + ".lock"}) {
    struct stat found;
    ASSERT_EQ(stat(path.c_str(), &found), 0);
    EXPECT_EQ(found.st_mode & 0777, 0600u) << path;
  }
  Drop(*listener);
}

TEST_F(SocketListenerTest, LetsOthersInAsItWasToldWhateverTheUmaskIs) {
  const Address address = Unix("open.sock");
  const mode_t before = umask(077);
  Result<std::unique_ptr<SocketListener>> listener = Bind(address, 0666);
  umask(before);
  ASSERT_TRUE(listener.ok()) << listener.status().ToString();
  struct stat found;
  ASSERT_EQ(stat(address.path.c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777, 0666u);
  ASSERT_EQ(stat((address.path + ".lock").c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777, 0600u);
  Drop(*listener);
}

TEST_F(SocketListenerTest, RefusesAPathThatAnotherServerHolds) {
  const Address address = Unix("held.sock");
  Result<std::unique_ptr<SocketListener>> first = Bind(address);
  ASSERT_TRUE(first.ok()) << first.status().ToString();
  const Result<std::unique_ptr<SocketListener>> second = Bind(address);
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.status().code(), StatusCode::kAlreadyExists);
  EXPECT_EQ(second.status().message(), "cannot listen on " + address.ToString() +
                                           ": another server holds it; stop that one or choose another path");
  ExpectConversation(address);  // the first listener still works
  Drop(*first);
}

TEST_F(SocketListenerTest, ReplacesTheSocketOfADeadServer) {
  const Address address = Unix("stale.sock");
  {
    const base::Descriptor dead([] { return socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0); });
    const SocketAddress name(address);
    ASSERT_EQ(bind(dead.fd(), name.get(), name.size), 0);
    std::ofstream(address.path + ".lock") << "";
  }
  ASSERT_TRUE(Exists(address.path));
  Result<std::unique_ptr<SocketListener>> listener = Bind(address);
  ASSERT_TRUE(listener.ok()) << listener.status().ToString();
  ExpectConversation(address);
  Drop(*listener);
}

TEST_F(SocketListenerTest, LeavesAFileAloneThatIsNoSocket) {
  const Address address = Unix("precious.txt");
  std::ofstream(address.path) << "keep me";
  const Result<std::unique_ptr<SocketListener>> listener = Bind(address);
  ASSERT_FALSE(listener.ok());
  EXPECT_EQ(listener.status().code(), StatusCode::kAlreadyExists);
  EXPECT_NE(listener.status().message().find("a file that is not a socket is there"), std::string::npos);
  std::string content;
  std::getline(std::ifstream(address.path), content);
  EXPECT_EQ(content, "keep me");
  unlink(address.path.c_str());
  unlink((address.path + ".lock").c_str());
}

TEST_F(SocketListenerTest, SaysWhyItCannotListen) {
  Result<std::unique_ptr<SocketListener>> first = Bind({.host = "127.0.0.1", .path = ""});
  ASSERT_TRUE(first.ok());
  const Result<std::unique_ptr<SocketListener>> taken = Bind(*ParseAddress((*first)->address()));
  EXPECT_EQ(taken.status().ToString(),
            "ALREADY_EXISTS: cannot listen on " + (*first)->address() + ": address already in use");
  const Result<std::unique_ptr<SocketListener>> nowhere = Bind(Unix("no/such/directory.sock"));
  EXPECT_NE(nowhere.status().message().find("no such file or directory"), std::string::npos) << nowhere.status().ToString();
  const Result<std::unique_ptr<SocketListener>> foreign = Bind({.host = "192.0.2.1", .path = ""});
  EXPECT_FALSE(foreign.ok());
  Drop(*first);
}

}  // namespace
}  // namespace remote_dram::net
