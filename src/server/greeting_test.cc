// The greeting with an unknown client, frame by frame, in a World.
#include <gtest/gtest.h>
#include <sys/socket.h>

#include <optional>

#include "net/ring_pair.h"
#include "net/sim/stranger.h"
#include "server/session.h"

namespace remote_dram::server {
namespace {

const net::Address kAddress{.host = "host", .port = 1, .path = ""};

class GreetingTest : public testing::Test {
 protected:
  void Start(Ways ways, Admits admits = Admits::kClients) {
    station_.emplace(&shared_, &network_, std::move(ways));
    ASSERT_TRUE(station_->Start().ok());
    listener_ = *network_.Listen(kAddress, [this, admits](std::unique_ptr<net::Accepted> accepted) {
      station_->Admit(std::move(accepted), admits);
    });
    stranger_.Dial(kAddress);
  }

  // Sends a frame; returns the type of the server's answer, and what follows the type in `body`.
  wire::ControlType Answer(const std::string& frame, std::string* body) {
    const size_t before = stranger_.frames().size();
    stranger_.SendFrame(frame);
    Turn();
    EXPECT_EQ(stranger_.frames().size(), before + 1);
    wire::ControlHeader header;
    std::string_view rest;
    EXPECT_STREQ(wire::Parse(stranger_.frames().back(), &header, &rest), nullptr);
    *body = rest;
    return static_cast<wire::ControlType>(header.type);
  }
  wire::Welcome Hello() {
    std::string body;
    EXPECT_EQ(Answer(wire::ControlFrame(wire::ControlType::kHello, wire::Hello{}), &body),
              wire::ControlType::kWelcome);
    wire::Welcome welcome;
    std::string_view tail;
    EXPECT_STREQ(wire::Parse(body, &welcome, &tail), nullptr);
    return welcome;
  }
  wire::ControlType Attach(wire::DataPath path, std::string* body) {
    const std::string own = path == wire::DataPath::kShm ? stranger_.fabric_address() : "";
    const wire::Attach attach{.path = static_cast<uint32_t>(path),
                              .address_bytes = static_cast<uint32_t>(own.size())};
    return Answer(wire::ControlFrame(wire::ControlType::kAttach, attach, own), body);
  }
  static void ExpectRefused(const std::string& body, const std::string& why) {
    wire::Refused refused;
    std::string_view reason;
    ASSERT_STREQ(wire::Parse(body, &refused, &reason), nullptr);
    EXPECT_EQ(refused.code, static_cast<uint32_t>(StatusCode::kFailedPrecondition));
    EXPECT_EQ(reason, why);
  }
  static std::string Join(uint64_t token, uint64_t incarnation) {
    std::string join;
    wire::Append(&join,
                 wire::MessageHeader{.token = token, .verb = static_cast<uint16_t>(wire::Verb::kJoin)});
    wire::Append(&join, wire::JoinRequest{.incarnation = incarnation});
    return join;
  }
  void Turn() { world_.RunFor(std::chrono::milliseconds(1)); }

  net::sim::World world_{1};
  std::string logged_;
  Shared shared_{.store = store::Store({.incarnation = 7, .hash_seed = {}}),
                 .random = [this] { return world_.Random() | 1; },
                 .log = [this](LogLevel, std::string_view line) { logged_ += line; },
                 .started = {}};
  net::sim::SimNetwork network_{&world_};
  std::optional<Station> station_;
  std::unique_ptr<net::ControlListener> listener_;
  net::sim::Stranger stranger_{&world_};
};

const Ways kShmOnly{.shm = true, .tcp_host = ""}, kTcpOnly{.shm = false, .tcp_host = "127.0.0.1"};

TEST_F(GreetingTest, WelcomesAClientWhoseVersionsHoldOneOfItsOwn) {
  Start(kShmOnly);
  std::string body;
  ASSERT_EQ(Answer(wire::ControlFrame(wire::ControlType::kHello,
                                      wire::Hello{.version_min = 1, .version_max = 9}),
                   &body),
            wire::ControlType::kWelcome);
  wire::Welcome welcome;
  std::string_view tail;
  ASSERT_STREQ(wire::Parse(body, &welcome, &tail), nullptr);
  EXPECT_EQ(welcome.version, wire::protocol_version_max);
  EXPECT_EQ(welcome.incarnation, 7u);
}

TEST_F(GreetingTest, RefusesAClientOfOtherVersionsAndNamesBothRanges) {
  Start(kShmOnly);
  std::string body;
  const wire::Hello later{.version_min = wire::protocol_version_max + 1,
                          .version_max = wire::protocol_version_max + 3};
  ASSERT_EQ(Answer(wire::ControlFrame(wire::ControlType::kHello, later), &body),
            wire::ControlType::kRefused);
  ExpectRefused(body, "the client speaks protocol versions 2 to 4, this server 1 to 1");
  EXPECT_TRUE(stranger_.closed());
}

TEST_F(GreetingTest, OffersAndTakesOnlyTheDataPathsThatItHas) {
  Start(kTcpOnly);
  const wire::Welcome welcome = Hello();
  EXPECT_EQ(welcome.shm_address_bytes, 0u);
  EXPECT_NE(welcome.tcp_port, 0);
  std::string body;
  EXPECT_EQ(Attach(wire::DataPath::kShm, &body), wire::ControlType::kRefused);
  EXPECT_NE(body.find("the server does not offer this data path"), std::string::npos);
  EXPECT_TRUE(stranger_.closed());
}

TEST_F(GreetingTest, WelcomesNobodyWhereOnlyMappingsAreAdmitted) {
  Start({.shm = true, .tcp_host = ""}, Admits::kMappings);
  std::string body;
  EXPECT_EQ(Answer(wire::ControlFrame(wire::ControlType::kHello, wire::Hello{}), &body), wire::ControlType::kRefused);
  EXPECT_NE(body.find("this socket is for clients that came through TCP, to map"), std::string::npos);
}

TEST_F(GreetingTest, RefusesAClientThatComesThroughTcpAndTakesRingsThatItDidNotAskFor) {
  Start({.shm = true, .rings = true, .tcp_host = ""});
  (void)Hello();
  std::string body;
  ASSERT_EQ(Attach(wire::DataPath::kRings, &body), wire::ControlType::kRefused);
  ExpectRefused(body, "ATTACH by rings that the client did not ask for");
  EXPECT_TRUE(stranger_.closed());
}

TEST_F(GreetingTest, KeepsNoRingsOfAClientThatTakesAnotherDataPath) {
  Start({.shm = true, .rings = true, .tcp_host = ""});
  const wire::ClientId client = Hello().client;
  Result<net::RingPair> pair = net::RingPair::Make();
  ASSERT_TRUE(pair.ok());
  ASSERT_TRUE(shared_.clients.SetRings(client, 0, std::move(pair->own)));
  const auto kept = [&pair] { return send(pair->peers.fd(), "!", 1, MSG_NOSIGNAL) == 1; };
  EXPECT_TRUE(kept());
  std::string body;
  ASSERT_EQ(Attach(wire::DataPath::kShm, &body), wire::ControlType::kAttached);
  EXPECT_FALSE(kept());
  EXPECT_FALSE(shared_.clients.WantsRings(client, 0)) << "none that come late";
}

TEST_F(GreetingTest, HearsNothingMoreOfAClientThatItRefused) {
  Start(kShmOnly);
  const std::string early = wire::ControlFrame(wire::ControlType::kBye, wire::Bye{});
  stranger_.SendFrame(early);
  stranger_.SendFrame(early);
  Turn();
  ASSERT_EQ(stranger_.frames().size(), 1u);
  EXPECT_NE(stranger_.frames()[0].find("out of order"), std::string::npos);
  EXPECT_TRUE(stranger_.closed());
  EXPECT_EQ(shared_.connections, 0u);
}

TEST_F(GreetingTest, AdmitsConnectionsMaxAndSaysSoOnceWhenOneMoreComes) {
  Start(kShmOnly);
  for (uint32_t i = 1; i < connections_max; ++i) stranger_.Dial(kAddress);
  Turn();
  EXPECT_EQ(shared_.connections, connections_max);
  EXPECT_FALSE(stranger_.closed());
  net::sim::Stranger beyond(&world_);
  for (int i = 0; i < 2; ++i) beyond.Dial(kAddress);
  Turn();
  EXPECT_TRUE(beyond.closed());
  EXPECT_EQ(shared_.connections, connections_max);
  EXPECT_EQ(logged_, "refused a connection: connections_max (4096) are open");
}

TEST_F(GreetingTest, AdmitsNobodyOnceItStops) {
  Start(kShmOnly);
  station_->Drain([] {});
  net::sim::Stranger late(&world_);
  late.Dial(kAddress);
  Turn();
  EXPECT_TRUE(late.closed());
}

TEST_F(GreetingTest, EndsTheSessionOfAClientThatJoinsAnotherIncarnation) {
  Start(kShmOnly);
  const wire::Welcome welcome = Hello();
  std::string body;
  ASSERT_EQ(Attach(wire::DataPath::kShm, &body), wire::ControlType::kAttached);
  stranger_.Connect(station_->shm()->address());
  stranger_.Introduce(Join(welcome.token, welcome.incarnation + 1));
  Turn();
  EXPECT_TRUE(stranger_.closed());
  EXPECT_TRUE(stranger_.messages().empty());
}

TEST_F(GreetingTest, EndsTheSessionOfAClientThatCannotBeAnswered) {
  Start(kTcpOnly);
  const wire::Welcome welcome = Hello();
  std::string body;
  ASSERT_EQ(Attach(wire::DataPath::kTcp, &body), wire::ControlType::kAttached);
  stranger_.Connect(station_->tcp()->address());
  stranger_.SendMessage(Join(welcome.token, welcome.incarnation));  // not as an introduction, so the server has no way to reply
  Turn();
  EXPECT_TRUE(stranger_.closed());
}

}  // namespace
}  // namespace remote_dram::server
