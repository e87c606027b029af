// ListenAddress: where a gateway may listen.
#include "gateway/listen_address.h"

#include <gtest/gtest.h>

#include <filesystem>

namespace remote_dram::gateway {
namespace {

TEST(ListenAddress, TakesLoopbackInNumbers) {
  const Result<ListenAddress> address = ParseListenAddress("127.0.0.1:65535");
  ASSERT_TRUE(address.ok());
  EXPECT_EQ(address->ipv4, 0x7f000001u);
  EXPECT_EQ(address->port, 65535);
  EXPECT_EQ(TargetOf(*address), "127.0.0.1:65535");
  EXPECT_EQ(TargetOf(*ParseListenAddress("127.9.8.7:0")), "127.9.8.7:0");
}

TEST(ListenAddress, RefusesEveryOtherAddressWithTheReason) {
  const std::pair<const char*, const char*> cases[] = {
      {"0.0.0.0:1", "this host only"},
      {"10.0.0.1:1", "this host only"},
      {"128.0.0.1:1", "this host only"},
      {"[::1]:1", "IPv6"},
      {"::1", "IPv6"},
      {"localhost:1", "in numbers"},
      {":1", "in numbers"},
      {"127.1:1", "in numbers"},
      {"127.0.0.1:", "port"},
      {"127.0.0.1:65536", "port"},
      {"127.0.0.1:-1", "port"},
      {"127.0.0.1:1x", "port"},
      {"127.0.0.1", "write unix:PATH"},
      {"", "write unix:PATH"},
      {"unix:", "path is missing"},
      {"unix-abstract:x", "in numbers"},
  };
  for (const auto& [text, why] : cases) {
    const Result<ListenAddress> address = ParseListenAddress(text);
    ASSERT_FALSE(address.ok()) << text;
    EXPECT_EQ(address.status().code(), StatusCode::kInvalidArgument);
    EXPECT_NE(address.status().message().find(why), std::string::npos)
        << text << ": " << address.status().message();
  }
}

TEST(ListenAddress, MakesPathsAbsolute) {
  const Result<ListenAddress> address = ParseListenAddress("unix:a.sock");
  ASSERT_TRUE(address.ok());
  EXPECT_EQ(address->path, (std::filesystem::current_path() / "a.sock").string());
}

TEST(ListenAddress, TakesAPathUpToTheLimitAndNoNul) {
  const std::string folder = "/" + std::string(socket_folder_bytes_max - 1, 'x');
  const std::string longest = folder + "/" + std::string(base::socket_path_bytes_max - folder.size() - 1, 'y');
  EXPECT_TRUE(ParseListenAddress("unix:" + longest).ok());
  EXPECT_FALSE(ParseListenAddress("unix:" + longest + "y").ok());
  EXPECT_FALSE(ParseListenAddress("unix:" + folder + "x/y").ok());
  EXPECT_FALSE(ParseListenAddress(std::string("unix:/a\0b", 9)).ok());
}

TEST(ListenAddress, EncodesInTheTargetWhatAUriCannotHold) {
  EXPECT_EQ(TargetOf({.path = "/run/a-b_c.~1/d:e"}), "unix:/run/a-b_c.~1/d:e");
  EXPECT_EQ(TargetOf({.path = "/a b%?#\xc3\xa9"}), "unix:/a%20b%25%3f%23%c3%a9");
}

}  // namespace
}  // namespace remote_dram::gateway
