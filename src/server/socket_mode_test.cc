// ServerOptions::socket_mode: which modes are accepted, and what they do.
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "remote_dram/client.h"
#include "remote_dram/server.h"

namespace remote_dram {
namespace {

class SocketModeTest : public testing::Test {
 protected:
  SocketModeTest() { std::filesystem::create_directory(directory_); }
  ~SocketModeTest() override { std::filesystem::remove_all(directory_); }

  Result<Server> Start(unsigned mode, mode_t directory_mode) {
    chmod(directory_.c_str(), directory_mode);
    ServerOptions options;
    options.socket_path = directory_ + "/socket";
    options.socket_mode = mode;
    return Server::Start(options);
  }

  const std::string directory_ = testing::TempDir() + "rd-mode-" + std::to_string(getpid());
};

TEST_F(SocketModeTest, IsThatOfTheSocket) {
  for (const unsigned mode : {0600u, 0660u, 0666u, 0777u}) {
    const Result<Server> server = Start(mode, 0711);
    ASSERT_TRUE(server.ok()) << server.status().ToString();
    struct stat found;
    ASSERT_EQ(stat(server->socket_path().c_str(), &found), 0);
    EXPECT_EQ(found.st_mode & 07777, mode);
    EXPECT_TRUE(Client::Connect("unix:" + server->socket_path()).ok());
  }
}

TEST_F(SocketModeTest, IsRefusedIfItIsNoModeOrShutsTheOwnerOut) {
  for (const unsigned mode : {0u, 0400u, 0066u, 01777u}) {
    const Status status = Start(mode, 0711).status();
    EXPECT_EQ(status.code(), StatusCode::kInvalidArgument) << mode;
    EXPECT_NE(status.message().find("0600 to 0777"), std::string::npos) << status.ToString();
  }
}

TEST_F(SocketModeTest, IsRefusedIfNobodyElseCouldEnterTheDirectory) {
  EXPECT_TRUE(Start(0600, 0700).ok());
  const Status status = Start(0660, 0700).status();
  EXPECT_EQ(status.code(), StatusCode::kInvalidArgument);
  EXPECT_NE(status.message().find("socket_mode 0660 opens " + directory_), std::string::npos) << status.ToString();
  EXPECT_FALSE(std::filesystem::exists(directory_ + "/socket"));
}

}  // namespace
}  // namespace remote_dram
