// Credentials from end to end: a Server and Clients on real sockets, with the same credentials file, another one, or none.
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <optional>

#include "remote_dram/client.h"
#include "remote_dram/server.h"

namespace remote_dram {
namespace {

const std::string kSecret(64, 'a'), kOther(64, 'b');

class CredentialsTest : public testing::Test {
 protected:
  CredentialsTest() {
    Write(servers_file_, "new:" + kSecret + "\nold:" + kOther + "\n");
    Write(clients_file_, "new:" + kSecret + "\n");
    Start(address_, servers_file_);
  }
  ~CredentialsTest() override {
    unlink(servers_file_.c_str());
    unlink(clients_file_.c_str());
  }

  static void Write(const std::string& path, const std::string& lines) {
    std::ofstream(path) << lines;
    chmod(path.c_str(), 0600);
  }

  void Start(const std::string& listen_addr, const std::string& credentials_file) {
    server_.reset();
    ServerOptions options;
    options.listen_addr = listen_addr;
    options.socket_path = path_ + ".sock";
    options.credentials_file = credentials_file;
    Result<Server> server = Server::Start(options);
    ASSERT_TRUE(server.ok()) << server.status().ToString();
    server_.emplace(std::move(*server));
  }

  Result<Client> Connect(const std::string& credentials_file, Path path = Path::kAuto, bool by_unix = false) const {
    ClientOptions options;
    options.credentials_file = credentials_file;
    options.path = path;
    options.on_restart = OnRestart::kAccept;
    return Client::Connect(by_unix ? "unix:" + server_->socket_path() : server_->listen_addr(), options);
  }
  void ExpectRefusal(const Status& status, std::string_view says) const {
    EXPECT_EQ(status.code(), StatusCode::kUnauthenticated);
    const std::string whole = (server_->listen_addr() + " ").append(says);
    EXPECT_NE(status.message().find(whole), std::string::npos) << status.ToString();
  }

  // No other process takes the port while no server listens: it depends on the process id, and is below the ports that the
  // kernel assigns.
  const std::string address_ = "127.0.0.1:" + std::to_string(10'000 + getpid() % 20'000);
  const std::string path_ = testing::TempDir() + "rd-credentials-" + std::to_string(getpid());
  const std::string servers_file_ = path_ + ".server", clients_file_ = path_ + ".client";
  std::optional<Server> server_;
};

constexpr char kNewNotAdmitted[] = "does not admit \"new\": its credentials have no such name, or another secret";
constexpr char kGuestNotAdmitted[] = "does not admit \"guest\": its credentials have no such name, or another secret";

TEST_F(CredentialsTest, AdmitWhoKnowsThemOnEveryPath) {
  for (const Path path : {Path::kTcp, Path::kShm, Path::kMapped, Path::kAuto}) {
    Result<Client> client = Connect(clients_file_, path);
    ASSERT_TRUE(client.ok()) << client.status().ToString();
    const std::string value(1'000'000, 'v');
    ASSERT_TRUE(client->Put("key", value).ok());
    const Result<GetResult> got = client->Get("key");
    ASSERT_TRUE(got.ok()) << got.status().ToString();
    EXPECT_TRUE(got->value.bytes() == value);
    const std::string taken = client->StatServer()->path;
    EXPECT_EQ(taken, NameOfPath(path == Path::kAuto ? Path::kMapped : path));
  }
}

TEST_F(CredentialsTest, AdmitTheOldKeyBesideTheNewOne) {
  Write(clients_file_, "old:" + kOther);
  EXPECT_TRUE(Connect(clients_file_).ok());
}

TEST_F(CredentialsTest, RefuseWhoDoesNotKnowThem) {
  ExpectRefusal(Connect("").status(), "wants credentials, and none were given");
  Write(clients_file_, "new:" + kOther);
  ExpectRefusal(Connect(clients_file_).status(), kNewNotAdmitted);
  Write(clients_file_, "guest:" + kSecret);
  ExpectRefusal(Connect(clients_file_).status(), kGuestNotAdmitted);
}

TEST_F(CredentialsTest, AClientWithThemDoesNotSpeakInTheClear) {
  Start(address_, "");
  ExpectRefusal(Connect(clients_file_).status(), "does not speak TLS 1.3: was it started without credentials?");
  EXPECT_TRUE(Connect("").ok());
}

TEST_F(CredentialsTest, AreNotForTheUnixSocket) {
  for (const std::string& file : {std::string(), clients_file_}) {
    const Status status = Connect(file, Path::kAuto, true).status();
    EXPECT_TRUE(status.ok()) << status.ToString();
  }
}

// A call that meets a restarted server with other credentials fails at once; it is not retried until its deadline.
TEST_F(CredentialsTest, AreProvenAgainAfterARestart) {
  Result<Client> client = Connect(clients_file_, Path::kTcp);
  ASSERT_TRUE(client.ok()) << client.status().ToString();
  Start(address_, servers_file_);
  ASSERT_TRUE(client->Put("key", "value").ok());
  Write(servers_file_, "new:" + kOther);
  Start(address_, servers_file_);
  const auto begun = std::chrono::steady_clock::now();
  ExpectRefusal(client->Get("key").status(), kNewNotAdmitted);
  EXPECT_LT(std::chrono::steady_clock::now() - begun, timeout_default / 2);
  Write(servers_file_, "new:" + kSecret);
  Start(address_, servers_file_);
  EXPECT_EQ(client->Get("key")->state, ReadState::kMissing);
}

TEST_F(CredentialsTest, AFileThatIsOpenToOthersIsRefusedByBothSides) {
  chmod(clients_file_.c_str(), 0644);
  EXPECT_EQ(Connect(clients_file_).status().code(), StatusCode::kPermissionDenied);
  ServerOptions options;
  options.listen_addr = "127.0.0.1:0";
  options.credentials_file = clients_file_;
  const Status status = Server::Start(options).status();
  EXPECT_EQ(status.code(), StatusCode::kPermissionDenied);
  EXPECT_NE(status.message().find("its mode is 0644"), std::string::npos) << status.ToString();
}

}  // namespace
}  // namespace remote_dram
