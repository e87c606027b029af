// Address: which texts are accepted, why others are refused, and how hosts are resolved.
#include "net/address.h"

#include <gtest/gtest.h>

namespace remote_dram::net {
namespace {

std::string Why(std::string_view text) {
  const Result<Address> address = ParseAddress(text);
  EXPECT_FALSE(address.ok()) << text;
  return address.status().ToString();
}

TEST(Address, IsAHostAndAPortOrTheUnixSocketOfAPath) {
  const Result<Address> tcp = ParseAddress("some.host:12345");
  ASSERT_TRUE(tcp.ok()) << tcp.status().ToString();
  EXPECT_FALSE(tcp->is_unix());
  EXPECT_EQ(tcp->host, "some.host");
  EXPECT_EQ(tcp->port, 12345);
  const Result<Address> local = ParseAddress("unix:/tmp/a:1.sock");
  ASSERT_TRUE(local.ok()) << local.status().ToString();
  EXPECT_TRUE(local->is_unix());
  EXPECT_EQ(local->path, "/tmp/a:1.sock");
}

TEST(Address, SaysAgainWhatItWasMadeOf) {
  for (const std::string text : {"0.0.0.0:0", "host:65535", "unix:relative.sock"}) {
    EXPECT_EQ(ParseAddress(text)->ToString(), text);
  }
}

TEST(Address, IsRefusedWithTheReasonAndWhatIsExpected) {
  EXPECT_EQ(Why("host"), "INVALID_ARGUMENT: address \"host\": there is no port; expected HOST:PORT or unix:PATH");
  EXPECT_NE(Why("").find("there is no port"), std::string::npos);
  EXPECT_NE(Why(":1").find("the host is empty"), std::string::npos);
  EXPECT_NE(Why("[::1]:1").find("IPv6 is not supported"), std::string::npos);
  EXPECT_NE(Why("http://host:1").find("this is a URL"), std::string::npos);
  EXPECT_NE(Why("unix:").find("the path is empty"), std::string::npos);
  EXPECT_NE(Why(std::string_view("unix:/a\0b", 9)).find("the path holds a zero byte"), std::string::npos);
  EXPECT_NE(Why("unix:@name").find("the path begins with '@', as no file's does; write ./@ for one that does"), std::string::npos);
  EXPECT_TRUE(ParseAddress("unix:./@name").ok());
}

TEST(Address, HasAPortFrom0To65535) {
  for (const char* text : {"h:", "h:65536", "h:-1", "h:+1", "h: 1", "h:1 ", "h:0x1", "h:99999999999999999999"}) {
    EXPECT_NE(Why(text).find("the port is not a number from 0 to 65535"), std::string::npos) << text;
  }
}

TEST(Address, HasAPathThatTheKernelTakesWhole) {
  EXPECT_TRUE(ParseAddress("unix:" + std::string(106, 'p')).ok());
  EXPECT_TRUE(ParseAddress("unix:" + std::string(107, 'p')).ok());
  EXPECT_NE(Why("unix:" + std::string(108, 'p')).find("the path is longer than 107 bytes"), std::string::npos);
}

TEST(Address, ResolvesToADottedQuadAndKeepsThePort) {
  const Result<Address> named = Resolve(*ParseAddress("localhost:7"));
  ASSERT_TRUE(named.ok()) << named.status().ToString();
  EXPECT_EQ(named->ToString(), "127.0.0.1:7");
  EXPECT_EQ(Resolve(*ParseAddress("127.1.2.3:8"))->ToString(), "127.1.2.3:8");
  EXPECT_EQ(Resolve(*ParseAddress("unix:/x"))->ToString(), "unix:/x");
}

TEST(Address, SaysWhichHostIsUnknown) {
  const Result<Address> unknown = Resolve(*ParseAddress("no-such-host.invalid:1"));
  ASSERT_FALSE(unknown.ok());
  EXPECT_EQ(unknown.status().code(), StatusCode::kUnavailable);
  EXPECT_NE(unknown.status().message().find("\"no-such-host.invalid\""), std::string::npos);
}

}  // namespace
}  // namespace remote_dram::net
