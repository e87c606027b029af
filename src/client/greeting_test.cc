// The greeting with a server that a test makes up, frame by frame, in a World.
#include <gtest/gtest.h>

#include "client/connection.h"
#include "net/sim/stranger.h"

namespace remote_dram::client {
namespace {

using wire::ControlFrame;
using wire::ControlType;

const net::Address kAddress{.host = "host", .port = 1, .path = ""};

class GreetingTest : public testing::Test {
 protected:
  GreetingTest() {
    server_.Listen(kAddress);
    Make(Path::kAuto);
  }
  ~GreetingTest() override { connection_->Close(); }

  void Make(Path path) {
    connection_ = std::make_shared<Connection>(
        &hub_, ConnectionOptions{.address = kAddress, .name = "host:1", .path = path});
  }
  void Turn() { world_.RunFor(std::chrono::milliseconds(1)); }

  // What becomes of a client that is welcomed in this way; OK: it goes on.
  Status After(const wire::Welcome& welcome, std::string_view tail = "hereshm") {
    opened_.reset();
    connection_->Open([this](const Status& status) { opened_ = status; });
    Turn();
    server_.SendFrame(ControlFrame(ControlType::kWelcome, welcome, tail));
    Turn();
    return opened_.value_or(Status());
  }
  wire::DataPath AttachedPath() {
    wire::Attach attach;
    std::string_view address;
    const std::string_view body =
        std::string_view(server_.frames().back()).substr(sizeof(wire::ControlHeader));
    EXPECT_STREQ(wire::Parse(body, &attach, &address), nullptr);
    return static_cast<wire::DataPath>(attach.path);
  }

  static wire::Welcome Proper() {
    wire::Welcome welcome{.tcp_port = 1, .incarnation = 7, .token = 5, .requests_in_flight_max = 1};
    welcome.host_identity_bytes = 4;
    welcome.shm_address_bytes = 3;
    welcome.client.id_high = 4;
    return welcome;
  }

  net::sim::World world_{1};
  net::sim::Stranger server_{&world_};
  net::sim::SimNetwork network_{&world_};
  Hub hub_{&network_, {}, 1};
  std::shared_ptr<Connection> connection_;
  std::optional<Status> opened_;
};

TEST_F(GreetingTest, TakesTcpToAnotherHostAndSharedMemoryOnItsOwn) {
  EXPECT_TRUE(After(Proper()).ok());
  EXPECT_EQ(AttachedPath(), wire::DataPath::kTcp);
  connection_->Close();
  Make(Path::kAuto);
  wire::Welcome own = Proper();
  const std::string identity = network_.HostIdentity();
  own.host_identity_bytes = static_cast<uint32_t>(identity.size());
  EXPECT_TRUE(After(own, identity + "shm").ok());
  EXPECT_EQ(AttachedPath(), wire::DataPath::kShm);
}

TEST_F(GreetingTest, TakesTcpOnItsOwnHostIfTheServerHasNoSharedMemory) {
  wire::Welcome welcome = Proper();
  const std::string identity = network_.HostIdentity();
  welcome.host_identity_bytes = static_cast<uint32_t>(identity.size());
  welcome.shm_address_bytes = 0;
  EXPECT_TRUE(After(welcome, identity).ok());
  EXPECT_EQ(AttachedPath(), wire::DataPath::kTcp);
}

TEST_F(GreetingTest, SaysThatAServerOnAnotherHostHasNoTcp) {
  wire::Welcome welcome = Proper();
  welcome.tcp_port = 0;
  EXPECT_EQ(After(welcome).ToString(),
            "FAILED_PRECONDITION: host:1 has no TCP data path; start it with --listen HOST:PORT");
}

TEST_F(GreetingTest, SaysWhySharedMemoryThatWasInsistedOnCannotBe) {
  Make(Path::kShm);
  const Status status = After(Proper());
  EXPECT_EQ(status.code(), StatusCode::kFailedPrecondition);
  EXPECT_NE(status.message().find("host:1 cannot be reached through shared memory"), std::string::npos);
}

TEST_F(GreetingTest, AccusesAServerWhoseWelcomeIsNoProperOne) {
  wire::Welcome welcome = Proper();
  welcome.token = 0;
  EXPECT_EQ(After(welcome).ToString(), "INTERNAL: host:1 broke the protocol: the token is zero");
}

TEST_F(GreetingTest, AccusesAServerThatChoosesAVersionWhichWasNotOffered) {
  wire::Welcome welcome = Proper();
  welcome.version = wire::protocol_version_max + 1;
  EXPECT_EQ(After(welcome).ToString(),
            "INTERNAL: host:1 broke the protocol: it chose a protocol version that was not offered");
}

TEST_F(GreetingTest, AccusesAServerThatGivesOneTokenToTwoConnections) {
  EXPECT_TRUE(After(Proper()).ok());
  const std::shared_ptr<Connection> first = connection_;
  Make(Path::kAuto);
  EXPECT_EQ(After(Proper()).ToString(), "INTERNAL: host:1 broke the protocol: its token is in use");
  first->Close();
}

}  // namespace
}  // namespace remote_dram::client
