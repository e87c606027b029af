// Several small calls in one message: the production code of both ends, in a World, in one thread, on a simulated clock.
#include <gtest/gtest.h>

#include "net/sim/stranger.h"
#include "server/protocol_testing.h"

namespace remote_dram {
namespace {

// Calls that are submitted one after the other, without advancing the world, are sent as one bundle.
class BundleProtocolTest : public ProtocolTest {
 protected:
  void SetUp() override { ASSERT_TRUE(Open().ok()); }
};

TEST_P(BundleProtocolTest, AnswersEachCallOnItsOwn) {
  constexpr size_t kCalls = 100;
  std::vector<std::optional<Result<WriteResult>>> puts(kCalls), refused(kCalls);
  std::vector<std::optional<Result<GetResult>>> gets(kCalls);
  std::vector<std::optional<Result<StatResult>>> stats(kCalls);
  const std::string large(5000, 'l');  // too large for a bundle: sent alone
  const auto value = [&large](size_t i) { return i % 10 == 0 ? large : std::string(i * 10, 'v'); };
  std::vector<std::string> values;
  for (size_t i = 0; i < kCalls; ++i) values.push_back(value(i));
  for (size_t i = 0; i < kCalls; ++i) {
    const std::string key = std::to_string(i);
    Submit(client::PutCall(key, {values[i]}, {}, Into(&puts[i])));
    Submit(client::PutCall(std::string(key_bytes_max + 1, 'k'), {"value"}, {}, Into(&refused[i])));
  }
  for (size_t i = 0; i < kCalls; ++i) {
    ASSERT_TRUE(Wait(&puts[i]).ok()) << Wait(&puts[i]).status().ToString();
    EXPECT_EQ(Wait(&refused[i]).status().code(), StatusCode::kInvalidArgument);
  }
  for (size_t i = 0; i < kCalls; ++i) {
    Submit(client::GetCall(std::to_string(i), {}, Into(&gets[i])));
    Submit(client::StatCall("none", Into(&stats[i])));
  }
  for (size_t i = 0; i < kCalls; ++i) {
    EXPECT_EQ(Wait(&gets[i])->value.bytes(), values[i]);
    EXPECT_FALSE(Wait(&stats[i])->exists);
  }
  EXPECT_EQ(host_->station.requests(), 0u);
}

// Breaks the connection at many different moments of the calls.
TEST_P(BundleProtocolTest, AppliesEachMutationOnceAlthoughTheConnectionBreaks) {
  for (int step = 0; step < 40; ++step) {
    const uint64_t before = host_->shared.store.Usage().sequence;
    std::vector<std::optional<Result<WriteResult>>> puts(30);
    for (size_t i = 0; i < puts.size(); ++i) {
      const std::string key = std::to_string(step) + "/" + std::to_string(i);
      Submit(client::PutCall(key, {"value"}, {.if_generation = Generation::Missing()}, Into(&puts[i])));
    }
    world_.RunFor(step * std::chrono::microseconds(5));
    network_.BreakLinks();
    for (auto& put : puts) {
      ASSERT_TRUE(Wait(&put).ok()) << Wait(&put).status().ToString();
      EXPECT_EQ(Wait(&put)->state, WriteState::kApplied);
    }
    EXPECT_EQ(host_->shared.store.Usage().sequence, before + puts.size()) << "applied twice";
  }
}

TEST_P(BundleProtocolTest, ACallThatIsCancelledAtOnceHoldsUpNobody) {
  for (int round = 0; round < 3 * static_cast<int>(requests_in_flight_max); ++round) {
    std::optional<Result<WriteResult>> cancelled;
    const auto call = client::PutCall("key", {"value"}, {}, Into(&cancelled));
    Submit(call);
    connection_->Cancel(*call);
    EXPECT_EQ(Wait(&cancelled).status().code(), StatusCode::kCancelled);
  }
  EXPECT_TRUE(Put("key", "value").ok());
}

INSTANTIATE_TEST_SUITE_P(Seeds, BundleProtocolTest, testing::Range(uint64_t{1}, uint64_t{11}));

// With a hostile client, which sends malformed bundles.
class HostileBundleTest : public testing::Test {
 protected:
  void Join() {
    client_.emplace(&world_);
    client_->Dial({.host = "host", .port = 1, .path = ""});
    client_->SendFrame(wire::ControlFrame(wire::ControlType::kHello, wire::Hello{}));
    Turn();
    wire::ControlHeader header;
    std::string_view body, tail;
    wire::Welcome welcome;
    ASSERT_EQ(wire::Parse(client_->frames().at(0), &header, &body), nullptr);
    ASSERT_EQ(wire::Parse(body, &welcome, &tail), nullptr);
    EXPECT_NE(welcome.features & wire::kFeatureBundle, 0u);
    token_ = welcome.token;
    const std::string own = client_->fabric_address();
    client_->SendFrame(wire::ControlFrame(wire::ControlType::kAttach,
                                          wire::Attach{.path = static_cast<uint32_t>(wire::DataPath::kShm),
                                                       .address_bytes = static_cast<uint32_t>(own.size())},
                                          own));
    Turn();
    client_->Connect(std::string(tail.substr(welcome.host_identity_bytes, welcome.shm_address_bytes)));
    std::string join = Header(token_, wire::Verb::kJoin);
    wire::Append(&join, wire::JoinRequest{.incarnation = 1});
    client_->Introduce(join);
    Turn();
    ASSERT_EQ(client_->messages().size(), 1u);
  }
  void Turn() { world_.RunFor(std::chrono::milliseconds(1)); }
  static std::string Header(uint64_t token, wire::Verb verb) {
    std::string bytes;
    wire::Append(&bytes, wire::MessageHeader{.token = token, .request = 1, .verb = static_cast<uint16_t>(verb)});
    return bytes;
  }
  static std::string Entry(const std::string& message) {
    std::string bytes;
    wire::Append(&bytes, wire::BundleEntry{.header_bytes = static_cast<uint32_t>(message.size())});
    return bytes + message;
  }
  std::string Stat(uint64_t token) const {
    std::string bytes = Header(token, wire::Verb::kStat);
    wire::Append(&bytes, wire::StatRequest{});
    return bytes + "key";
  }

  net::sim::World world_{1};
  Host host_{&world_, 1};
  std::optional<net::sim::Stranger> client_;
  uint64_t token_ = 0;
};

TEST_F(HostileBundleTest, RepliesToABundleComeInOne) {
  Join();
  client_->SendMessage(Header(token_, wire::Verb::kBundle) + Entry(Stat(token_)) + Entry(Stat(token_)));
  Turn();
  ASSERT_EQ(client_->messages().size(), 2u);
  std::string_view rest = client_->messages()[1].header, header_rest, payload;
  wire::MessageHeader header;
  ASSERT_EQ(wire::Take(&rest, &header), nullptr);
  EXPECT_EQ(static_cast<wire::Verb>(header.verb), wire::Verb::kBundle);
  for (int i = 0; i < 2; ++i) {
    ASSERT_EQ(wire::TakeFromBundle(&rest, token_, &header, &header_rest, &payload), nullptr);
    EXPECT_EQ(static_cast<wire::Verb>(header.verb), wire::Verb::kStat);
  }
  EXPECT_TRUE(rest.empty());
}

TEST_F(HostileBundleTest, NoReplyWaitsForARequestOfManyKeys) {
  Join();
  std::string list = Header(token_, wire::Verb::kList);
  wire::Append(&list, wire::ListRequest{.entries_max = 1});
  client_->SendMessage(Header(token_, wire::Verb::kBundle) + Entry(Stat(token_)) + Entry(list) + Entry(Stat(token_)));
  Turn();
  EXPECT_EQ(client_->messages().size(), 3u);  // the replies to JOIN, to the first Stat, and to the other two requests
}

TEST_F(HostileBundleTest, ABundleThatMakesNoSenseEndsTheSession) {
  const auto ends = [this](const auto& entries) {
    Join();
    client_->SendMessage(Header(token_, wire::Verb::kBundle) + entries());
    Turn();
    EXPECT_TRUE(client_->closed());
    EXPECT_EQ(host_.station.requests(), 0u);
  };
  ends([] { return std::string("short"); });
  ends([this] { return Entry(Stat(token_)) + Entry(Stat(token_ + 1)); });
  ends([this] { return Entry(Header(token_, wire::Verb::kBundle)); });
  ends([this] { return Entry(Stat(token_)) + Entry(Stat(token_)).substr(0, 20); });
}

}  // namespace
}  // namespace remote_dram
