// Options: exactly one address is accepted, every setting arrives, and the message names an invalid one.
#include "driver/core/options.h"

#include <gtest/gtest.h>

namespace remote_dram::driver {
namespace {

using std::chrono::milliseconds;

Addresses Given(const char* listen_addr, const char* remote_addr, OnRestart on_restart = OnRestart::kFail) {
  Addresses addresses;
  addresses.listen_addr = listen_addr;
  addresses.remote_addr = remote_addr;
  addresses.on_restart = on_restart;
  return addresses;
}

void ExpectRefusal(const Status& status, const char* says) {
  EXPECT_EQ(status.code(), StatusCode::kInvalidArgument);
  EXPECT_NE(status.message().find(says), std::string::npos) << status.message();
}

TEST(DriverOptions, TakeExactlyOneAddress) {
  EXPECT_TRUE(Check(Given("0.0.0.0:1", "")).ok());
  EXPECT_TRUE(Check(Given("", "host:1")).ok());
  ExpectRefusal(Check(Given("", "")), "neither \"listen_addr\"");
  ExpectRefusal(Check(Given("0.0.0.0:1", "host:1")), "\"host:1\"");
}

TEST(DriverOptions, AcceptARestartOnlyOfAnotherProcess) {
  EXPECT_TRUE(Check(Given("", "host:1", OnRestart::kAccept)).ok());
  ExpectRefusal(Check(Given("0.0.0.0:1", "", OnRestart::kAccept)), "\"on_restart\"");
}

TEST(DriverOptions, OfALenderArriveAtTheServer) {
  Settings settings;
  settings.memory_limit_bytes = 12345;
  settings.threads = 3;
  settings.credentials_file = "/etc/keys";
  const Result<ServerOptions> options = LendOptions("127.0.0.1:0", settings);
  ASSERT_TRUE(options.ok());
  EXPECT_EQ(options->listen_addr, "127.0.0.1:0");
  EXPECT_EQ(options->socket_path, "");
  EXPECT_EQ(options->memory_limit_bytes, 12345u);
  EXPECT_EQ(options->threads, 3);
  EXPECT_EQ(options->credentials_file, "/etc/keys");
}

TEST(DriverOptions, OfALenderMayNameAUnixSocketAlone) {
  const Result<ServerOptions> options = LendOptions("unix:/run/mine.sock", {});
  ASSERT_TRUE(options.ok());
  EXPECT_EQ(options->listen_addr, "");
  EXPECT_EQ(options->socket_path, "/run/mine.sock");
  ExpectRefusal(LendOptions("unix:", {}).status(), "without a path");
}

TEST(DriverOptions, OfAUserArriveAtTheClient) {
  Settings settings;
  settings.path = "tcp";
  settings.credentials_file = "/etc/keys";
  settings.timeout = milliseconds(1500);
  settings.connect_timeout = milliseconds(200);
  const Result<ClientOptions> options = UseOptions(OnRestart::kAccept, settings);
  ASSERT_TRUE(options.ok());
  EXPECT_EQ(options->path, Path::kTcp);
  EXPECT_EQ(options->credentials_file, "/etc/keys");
  EXPECT_EQ(options->on_restart, OnRestart::kAccept);
  EXPECT_EQ(options->timeout, milliseconds(1500));
  EXPECT_EQ(options->connect_timeout, milliseconds(200));
}

TEST(DriverOptions, LetWholeValuesBeViewsUpToTheLimit) {
  Settings settings;
  settings.view_limit_bytes = 1000;
  const GetOptions whole = GetOptionsOf(ByteRange{}, settings);
  EXPECT_TRUE(whole.view);
  EXPECT_EQ(whole.view_bytes_min, view_bytes_min);
  EXPECT_EQ(whole.view_bytes_max, 1000u);
  const GetOptions part = GetOptionsOf(ByteRange{5, 10}, settings);
  EXPECT_FALSE(part.view);
  EXPECT_EQ(part.range.min, 5);
  EXPECT_EQ(part.range.max, 10);
}

TEST(DriverOptions, KnowEveryPathByItsName) {
  Settings settings;
  EXPECT_EQ(UseOptions(OnRestart::kFail, settings)->path, Path::kAuto);
  settings.path = "shm";
  EXPECT_EQ(UseOptions(OnRestart::kFail, settings)->path, Path::kShm);
  settings.path = "mapped";
  EXPECT_EQ(UseOptions(OnRestart::kFail, settings)->path, Path::kMapped);
  settings.path = "socket";
  EXPECT_EQ(UseOptions(OnRestart::kFail, settings)->path, Path::kSocket);
  settings.path = "tcp";
  EXPECT_EQ(UseOptions(OnRestart::kFail, settings)->path, Path::kTcp);
  settings.path = "pigeon";
  ExpectRefusal(UseOptions(OnRestart::kFail, settings).status(), "\"pigeon\"");
}

TEST(DriverOptions, RefuseNumbersThatMakeNoSense) {
  Settings settings;
  settings.memory_limit_bytes = 0;
  ExpectRefusal(LendOptions("h:1", settings).status(), "\"memory_limit\"");
  for (const int threads : {0, server_threads_max + 1}) {
    settings = Settings();
    settings.threads = threads;
    ExpectRefusal(LendOptions("h:1", settings).status(), "\"threads\"");
  }
  for (const milliseconds timeout : {milliseconds(0), milliseconds(-5), timeout_max + milliseconds(1)}) {
    settings = Settings();
    settings.timeout = timeout;
    ExpectRefusal(UseOptions(OnRestart::kFail, settings).status(), "\"timeout\"");
    settings = Settings();
    settings.connect_timeout = timeout;
    ExpectRefusal(UseOptions(OnRestart::kFail, settings).status(), "\"connect_timeout\"");
  }
}

}  // namespace
}  // namespace remote_dram::driver
