// The greeting as a stranger meets it, frame by frame, in a World.
#include <gtest/gtest.h>

#include "net/sim/stranger.h"
#include "server/session.h"

namespace remote_dram::server {
namespace {

const net::Address kAddress{.host = "host", .port = 1, .path = ""};

class GreetingTest : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(station_.Start().ok());
    listener_ = *network_.Listen(kAddress, [this](std::unique_ptr<net::Accepted> accepted) {
      station_.Admit(std::move(accepted));
    });
    stranger_.Dial(kAddress);
  }

  // What the server answers to a frame: its type, and what follows that.
  wire::ControlType Answer(const std::string& frame, std::string* body) {
    stranger_.SendFrame(frame);
    world_.RunFor(std::chrono::milliseconds(1));
    EXPECT_EQ(stranger_.frames().size(), 1u);
    wire::ControlHeader header;
    std::string_view rest;
    EXPECT_STREQ(wire::Parse(stranger_.frames().back(), &header, &rest), nullptr);
    *body = rest;
    return static_cast<wire::ControlType>(header.type);
  }

  net::sim::World world_{1};
  Shared shared_{.store = store::Store({.incarnation = 7, .hash_seed = {}}),
                 .random = [this] { return world_.Random() | 1; },
                 .log = [](LogLevel, std::string_view) {},
                 .started = {}};
  net::sim::SimNetwork network_{&world_};
  Station station_{&shared_, &network_, {.shm = true, .tcp_host = ""}};
  std::unique_ptr<net::ControlListener> listener_;
  net::sim::Stranger stranger_{&world_};
};

TEST_F(GreetingTest, WelcomesAClientWhoseVersionsHoldOneOfItsOwn) {
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
  std::string body;
  const wire::Hello later{.version_min = wire::protocol_version_max + 1,
                          .version_max = wire::protocol_version_max + 3};
  ASSERT_EQ(Answer(wire::ControlFrame(wire::ControlType::kHello, later), &body),
            wire::ControlType::kRefused);
  wire::Refused refused;
  std::string_view reason;
  ASSERT_STREQ(wire::Parse(body, &refused, &reason), nullptr);
  EXPECT_EQ(refused.code, static_cast<uint32_t>(StatusCode::kFailedPrecondition));
  EXPECT_EQ(reason, "the client speaks protocol versions 2 to 4, this server 1 to 1");
  EXPECT_TRUE(stranger_.closed());
}

}  // namespace
}  // namespace remote_dram::server
