// Listener: who may open the socket file, which files it replaces, and when it is removed.
#include "gateway/listener.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <cstring>
#include <fstream>

#include "gateway/gateway_fixture.h"

namespace remote_dram::gateway {
namespace {

ListenAddress At(const std::filesystem::path& path) { return {.path = path.string()}; }

mode_t ModeOf(const std::filesystem::path& path) {
  struct stat file;
  return lstat(path.c_str(), &file) == 0 ? file.st_mode & 07777 : 0;
}

bool Connects(const std::filesystem::path& path) {
  const base::Descriptor probe([] { return socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0); });
  sockaddr_un name{};
  name.sun_family = AF_UNIX;
  std::strcpy(name.sun_path, path.c_str());
  return connect(probe.fd(), reinterpret_cast<sockaddr*>(&name), sizeof(name)) == 0;
}

// Leaves a socket file that nobody serves, as a killed process does.
void LeaveDeadSocket(const std::filesystem::path& path) {
  const base::Descriptor dead([] { return socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0); });
  sockaddr_un name{};
  name.sun_family = AF_UNIX;
  std::strcpy(name.sun_path, path.c_str());
  ASSERT_EQ(bind(dead.fd(), reinterpret_cast<sockaddr*>(&name), sizeof(name)), 0);
}

size_t FilesIn(const std::filesystem::path& folder) {
  return static_cast<size_t>(std::distance(std::filesystem::directory_iterator(folder), {}));
}

class UnixListenerTest : public testing::Test {
 protected:
  TemporaryFolder folder_;
  const std::filesystem::path path_ = folder_.path() / "s";
};

TEST_F(UnixListenerTest, IsForItsOwnerOnlyWhateverTheUmask) {
  const mode_t before = umask(0);
  const auto listener = Listener::Open(At(path_));
  umask(before);
  ASSERT_TRUE(listener.ok()) << listener.status().ToString();
  EXPECT_EQ(ModeOf(path_), 0600u);
  EXPECT_TRUE(Connects(path_));
  EXPECT_EQ(FilesIn(folder_.path()), 1u) << "the name under which it was made is left";
}

TEST_F(UnixListenerTest, IsMadeAtTheLongestPathThatTheAddressAllows) {
  const size_t rest = socket_folder_bytes_max - folder_.path().string().size() - 1;
  const std::filesystem::path deep = folder_.path() / std::string(rest, 'x');
  std::filesystem::create_directory(deep);
  const std::string name(base::socket_path_bytes_max - socket_folder_bytes_max - 1, 'y');
  const Result<ListenAddress> address = ParseListenAddress("unix:" + (deep / name).string());
  ASSERT_TRUE(address.ok());
  const auto listener = Listener::Open(*address);
  ASSERT_TRUE(listener.ok()) << listener.status().ToString();
  EXPECT_TRUE(Connects(address->path));
}

TEST_F(UnixListenerTest, TakesItsFileAway) {
  {
    ASSERT_TRUE(Listener::Open(At(path_)).ok());
  }
  EXPECT_EQ(FilesIn(folder_.path()), 0u);
}

TEST_F(UnixListenerTest, RefusesAPathThatIsServed) {
  const auto first = Listener::Open(At(path_));
  ASSERT_TRUE(first.ok());
  const auto second = Listener::Open(At(path_));
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.status().code(), StatusCode::kAlreadyExists);
  EXPECT_TRUE(Connects(path_));
  EXPECT_EQ(FilesIn(folder_.path()), 1u);
}

TEST_F(UnixListenerTest, ReplacesADeadSocket) {
  LeaveDeadSocket(path_);
  ASSERT_FALSE(Connects(path_));
  const auto listener = Listener::Open(At(path_));
  ASSERT_TRUE(listener.ok()) << listener.status().ToString();
  EXPECT_TRUE(Connects(path_));
  EXPECT_EQ(ModeOf(path_), 0600u);
  EXPECT_EQ(FilesIn(folder_.path()), 1u);
}

TEST_F(UnixListenerTest, LeavesFilesAloneThatAreNoSockets) {
  std::ofstream(path_) << "precious";
  const auto listener = Listener::Open(At(path_));
  ASSERT_FALSE(listener.ok());
  EXPECT_EQ(listener.status().code(), StatusCode::kAlreadyExists);
  EXPECT_EQ(std::filesystem::file_size(path_), 8u);
}

TEST_F(UnixListenerTest, LeavesTheFileOfItsSuccessorAlone) {
  auto first = Listener::Open(At(path_));
  ASSERT_TRUE(first.ok());
  std::filesystem::remove(path_);
  const auto second = Listener::Open(At(path_));
  ASSERT_TRUE(second.ok());
  first->reset();
  EXPECT_TRUE(Connects(path_));
}

TEST_F(UnixListenerTest, SaysWhyAFolderThatIsNotThereCannotHoldIt) {
  const auto listener = Listener::Open(At(folder_.path() / "none" / "s"));
  ASSERT_FALSE(listener.ok());
  EXPECT_NE(listener.status().message().find("no such file"), std::string::npos)
      << listener.status().message();
}

TEST(TcpListener, RefusesAPortThatIsTaken) {
  const auto first = Listener::Open({.path = {}, .ipv4 = 0x7f000001});
  ASSERT_TRUE(first.ok());
  const Result<ListenAddress> taken = ParseListenAddress((*first)->target());
  ASSERT_TRUE(taken.ok());
  EXPECT_NE(taken->port, 0);
  const auto second = Listener::Open(*taken);
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.status().code(), StatusCode::kAlreadyExists);
}

}  // namespace
}  // namespace remote_dram::gateway
