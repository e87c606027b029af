// The client's greeting with a made-up server that sends frame by frame, in a World.
#include <gtest/gtest.h>

#include "client/connection.h"
#include "client/verbs.h"
#include "net/sim/stranger.h"

namespace remote_dram::client {
namespace {

using wire::ControlFrame;
using wire::ControlType;

const net::Address kAddress{.host = "host", .port = 1, .path = ""}, kSocket{.host = "", .port = 0, .path = "/socket"};

class GreetingTest : public testing::Test {
 protected:
  GreetingTest() {
    server_.Listen(kAddress);
    Make(Path::kAuto);
  }
  ~GreetingTest() override { connection_->Close(); }

  void Make(Path path, std::chrono::milliseconds connect_timeout = connect_timeout_default) {
    connection_ = std::make_shared<Connection>(
        &hub_, ConnectionOptions{.address = kAddress, .name = "host:1", .path = path, .connect_timeout = connect_timeout});
  }
  void Turn() { world_.RunFor(std::chrono::milliseconds(1)); }

  // Welcomes the client with this frame. Returns why Open failed; OK if the client goes on with the greeting.
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
  // Completes the greeting of a client that runs on the server's host.
  void AttachAndJoin() {
    const std::string_view own =
        std::string_view(server_.frames().back()).substr(sizeof(wire::ControlHeader) + sizeof(wire::Attach));
    server_.Connect(own);
    server_.SendFrame(ControlFrame(ControlType::kAttached, wire::Attached{}));
    Turn();
    std::string joined;
    wire::Append(&joined, wire::MessageHeader{.token = Proper().token, .verb = static_cast<uint16_t>(wire::Verb::kJoin)});
    wire::Append(&joined, wire::JoinReply{});
    server_.SendMessage(joined);
    Turn();
  }
  // The WELCOME of a server that lets clients map its memory. Its tail is the concatenation of the three arguments.
  static wire::Welcome Mappable(const std::string& identity, const std::string& fabric, const std::string& path) {
    wire::Welcome welcome = Proper();
    welcome.features = wire::kFeatureMapped;
    welcome.host_identity_bytes = static_cast<uint32_t>(identity.size());
    welcome.shm_address_bytes = static_cast<uint32_t>(fabric.size());
    welcome.socket_path_bytes = static_cast<uint32_t>(path.size());
    return welcome;
  }
  Status AfterMappable(const std::string& identity, const std::string& path) {
    const std::string fabric = server_.fabric_address();
    return After(Mappable(identity, fabric, path), identity + fabric + path);
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
  std::string logged_;
  Hub hub_{&network_, [this](LogLevel, std::string_view line) { logged_ += line; }, 1};
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

// A client that connects through a Unix socket. A World has no rings, so the client fails to use them, as one does that
// has no descriptor left.
class RingsTest : public GreetingTest {
 protected:
  RingsTest() { server_.Listen(kSocket); }

  void Make(Path path) {
    connection_ = std::make_shared<Connection>(&hub_, ConnectionOptions{.address = kSocket, .name = "unix:/socket", .path = path});
  }
  // A server with rings and shared memory answers the first ATTACH with `frame`, and then welcomes the client again.
  void Answer(const std::string& frame) {
    const std::string identity = network_.HostIdentity(), fabric = server_.fabric_address();
    wire::Welcome welcome = Mappable(identity, fabric, "");
    welcome.features = wire::kFeatureRings;
    EXPECT_TRUE(After(welcome, identity + fabric).ok());
    EXPECT_EQ(AttachedPath(), wire::DataPath::kRings);
    server_.SendFrame(frame);
    Turn();
    server_.SendFrame(ControlFrame(ControlType::kWelcome, welcome, identity + fabric));
    Turn();
  }

  const std::string attached_ = ControlFrame(ControlType::kAttached, wire::Attached{});
};

TEST_F(RingsTest, AreLeftOutWhereTheServerHasNoneOrTheClientCannotUseThem) {
  const std::string refused = ControlFrame(ControlType::kRefused, wire::Refused{.code = 8, .message_bytes = 4}, "none");
  for (const std::string& answer : {attached_, refused}) {
    Make(Path::kAuto);
    Answer(answer);
    EXPECT_FALSE(opened_.has_value()) << opened_->ToString();
    EXPECT_EQ(AttachedPath(), wire::DataPath::kShm);
    AttachAndJoin();
    ASSERT_TRUE(opened_.has_value());
    EXPECT_TRUE(opened_->ok()) << opened_->ToString();
    connection_->Close();
    Turn();
  }
  EXPECT_NE(logged_.find("no rings carry data in a world"), std::string::npos) << logged_;
}

TEST_F(RingsTest, CostNoMoreThanConnectTimeout) {
  Make(Path::kAuto);
  Answer(attached_);
  EXPECT_FALSE(opened_.has_value());
  world_.RunFor(connect_timeout_default - std::chrono::milliseconds(3));
  ASSERT_TRUE(opened_.has_value());
  EXPECT_NE(opened_->message().find("within connect_timeout (10000 ms)"), std::string::npos) << opened_->ToString();
}

TEST_F(RingsTest, AreTheReasonIfTheyWereInsistedOnOrAreTheOnlyWay) {
  Make(Path::kSocket);
  Answer(attached_);
  ASSERT_TRUE(opened_.has_value());
  EXPECT_EQ(opened_->ToString(), "UNIMPLEMENTED: no rings carry data in a world");
  connection_->Close();

  Make(Path::kAuto);
  wire::Welcome welcome = Proper();
  welcome.features = wire::kFeatureRings;
  welcome.tcp_port = 0;
  EXPECT_TRUE(After(welcome).ok());
  server_.SendFrame(attached_);
  Turn();
  server_.SendFrame(ControlFrame(ControlType::kWelcome, welcome, "hereshm"));
  Turn();
  ASSERT_TRUE(opened_.has_value());
  EXPECT_EQ(opened_->ToString(), "UNIMPLEMENTED: no rings carry data in a world");
}

TEST_F(GreetingTest, SaysWhyASocketThatWasInsistedOnCannotCarryData) {
  Make(Path::kSocket);
  wire::Welcome welcome = Proper();
  welcome.features = wire::kFeatureRings;
  const Status status = After(welcome);  // through TCP
  EXPECT_EQ(status.code(), StatusCode::kFailedPrecondition);
  EXPECT_NE(status.message().find("connect to the one of the server, unix:PATH"), std::string::npos) << status.ToString();
}

TEST_F(GreetingTest, MapsOnlyAServerOnItsOwnHostThatNamesASocket) {
  for (const auto& [identity, path] : {std::pair(std::string("elsewhere"), "/socket"), {network_.HostIdentity(), ""}}) {
    Make(Path::kMapped);
    const Status status = AfterMappable(identity, path);
    EXPECT_EQ(status.code(), StatusCode::kFailedPrecondition);
    EXPECT_NE(status.message().find("it runs on another host, or does not let"), std::string::npos) << status.ToString();
    connection_->Close();
    Make(Path::kAuto);
    EXPECT_TRUE(AfterMappable(identity, path).ok());
    connection_->Close();
  }
}

TEST_F(GreetingTest, GoesOnWithoutAMappingIfNobodyIsAtTheSocketUnlessItWasInsistedOn) {
  EXPECT_TRUE(AfterMappable(network_.HostIdentity(), "/socket").ok());
  EXPECT_FALSE(opened_.has_value());
  AttachAndJoin();
  ASSERT_TRUE(opened_.has_value());
  EXPECT_TRUE(opened_->ok()) << opened_->ToString();
  EXPECT_NE(logged_.find("host:1 cannot be mapped: UNAVAILABLE"), std::string::npos) << logged_;
  connection_->Close();

  Make(Path::kMapped);
  const Status status = AfterMappable(network_.HostIdentity(), "/socket");
  EXPECT_EQ(status.code(), StatusCode::kFailedPrecondition);
  EXPECT_NE(status.message().find("host:1 cannot be mapped: "), std::string::npos) << status.ToString();
}

TEST_F(GreetingTest, TriesToMapAServerOfAnotherUserOnItsHost) {
  const std::string identity = network_.HostIdentity(), host = identity.substr(0, identity.find(' '));
  EXPECT_TRUE(AfterMappable(host + " somebody else", "/socket").ok());
  EXPECT_NE(logged_.find("host:1 cannot be mapped: UNAVAILABLE"), std::string::npos) << logged_;
}

TEST_F(GreetingTest, GoesOnWithoutAMappingInHalfOfItsTimeIfTheSocketIsSilentUnlessItWasInsistedOn) {
  constexpr std::chrono::milliseconds timeout{800};
  net::sim::Stranger socket(&world_);
  socket.Listen(kSocket);
  Make(Path::kAuto, timeout);
  EXPECT_TRUE(AfterMappable(network_.HostIdentity(), "/socket").ok());
  world_.RunFor(timeout / 2 + std::chrono::milliseconds(1));
  EXPECT_TRUE(socket.closed());
  AttachAndJoin();
  ASSERT_TRUE(opened_.has_value());
  EXPECT_TRUE(opened_->ok()) << opened_->ToString();
  connection_->Close();

  Make(Path::kMapped, timeout);
  EXPECT_TRUE(AfterMappable(network_.HostIdentity(), "/socket").ok());
  world_.RunFor(timeout / 2);
  ASSERT_TRUE(opened_.has_value());
  EXPECT_EQ(opened_->ToString(), "FAILED_PRECONDITION: host:1 cannot be mapped: the server did not answer MAP in time");
}

// The first connection breaks while the client still waits for the mapping. Its mapping timer then runs during the second
// session, which has the same token.
TEST_F(GreetingTest, SurvivesAServerThatGivesOutATokenTwice) {
  net::sim::Stranger socket(&world_);
  socket.Listen(kSocket);
  EXPECT_TRUE(AfterMappable(network_.HostIdentity(), "/socket").ok());
  server_.HangUp();
  Turn();
  EXPECT_EQ(opened_->code(), StatusCode::kUnavailable);
  EXPECT_TRUE(socket.closed());
  EXPECT_TRUE(AfterMappable(network_.HostIdentity(), "/socket").ok());
  world_.RunFor(Connection::mapping_max + std::chrono::milliseconds(1));
  EXPECT_EQ(AttachedPath(), wire::DataPath::kShm);
  AttachAndJoin();
  ASSERT_TRUE(opened_.has_value());
  EXPECT_TRUE(opened_->ok()) << opened_->ToString();
}

// Each parameter gives the end of the connection and the reply other random delays.
class LastWordsTest : public GreetingTest, public testing::WithParamInterface<int> {};

TEST_P(LastWordsTest, AnAnswerOfAServerThatThenWentIsHeardAlthoughTheEndComesFirst) {
  for (int i = 0; i < GetParam(); ++i) (void)world_.Random();
  EXPECT_TRUE(AfterMappable(network_.HostIdentity(), "").ok());
  AttachAndJoin();
  std::optional<Result<StatResult>> stat;
  const std::shared_ptr<Call> call = StatCall("key", [&stat](Result<StatResult> result) { stat.emplace(std::move(result)); });
  call->timeout = std::chrono::seconds(1);
  call->deadline = world_.now() + call->timeout;
  connection_->Submit(Call::Hold(call));
  Turn();
  wire::MessageHeader header;
  std::string_view request = server_.messages().back().header;
  ASSERT_STREQ(wire::Take(&request, &header), nullptr);
  std::string reply;
  wire::Append(&reply, wire::MessageHeader{.token = Proper().token, .request = header.request, .sequence = 3, .verb = header.verb});
  wire::Append(&reply, wire::StatReply{.generation = wire::WireGeneration::From(Generation::Value(7, 3)), .value_bytes = 9, .exists = 1});
  server_.SendMessage(reply);
  server_.HangUp();
  Turn();
  ASSERT_TRUE(stat.has_value());
  ASSERT_TRUE(stat->ok()) << stat->status().ToString();
  EXPECT_EQ((*stat)->value_bytes, 9u);
}
INSTANTIATE_TEST_SUITE_P(Delays, LastWordsTest, testing::Range(0, 20));

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
