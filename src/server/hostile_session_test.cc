// A client that breaks the protocol once it has joined, against the production code of the server, in a World.
#include <gtest/gtest.h>

#include "net/sim/stranger.h"
#include "server/host_testing.h"
#include "wire/batch.h"
#include "wire/bundle.h"
#include "wire/control.h"

namespace remote_dram {
namespace {

class HostileSessionTest : public testing::Test {
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
  // `mutation`: the number of the request among the client's mutations; 0: none.
  static std::string Header(uint64_t token, wire::Verb verb, uint64_t mutation = 0) {
    std::string bytes;
    wire::Append(&bytes, wire::MessageHeader{
                             .token = token, .request = 1, .sequence = mutation, .verb = static_cast<uint16_t>(verb)});
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

TEST_F(HostileSessionTest, RepliesToABundleComeInOne) {
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

TEST_F(HostileSessionTest, NoReplyWaitsForARequestOfManyKeys) {
  Join();
  std::string list = Header(token_, wire::Verb::kList);
  wire::Append(&list, wire::ListRequest{.entries_max = 1});
  client_->SendMessage(Header(token_, wire::Verb::kBundle) + Entry(Stat(token_)) + Entry(list) + Entry(Stat(token_)));
  Turn();
  EXPECT_EQ(client_->messages().size(), 3u);  // the replies to JOIN, to the first Stat, and to the other two requests
}

TEST_F(HostileSessionTest, ABundleThatMakesNoSenseEndsTheSession) {
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

// Else the server would remember the reply, a value, as long as the client may ask for it again.
TEST_F(HostileSessionTest, ARequestThatChangesNothingMustNotBeNumbered) {
  Join();
  std::string get = Header(token_, wire::Verb::kGetWhole, 1);
  wire::Append(&get, wire::GetWholeRequest{});
  client_->SendMessage(get + "key");
  Turn();
  EXPECT_TRUE(client_->closed());
  EXPECT_EQ(host_.station.requests(), 0u);
}

TEST_F(HostileSessionTest, AValueIsSentAheadOnlyOfATransaction) {
  const auto expect_refused = [this](uint64_t transaction, uint32_t ahead) {
    Join();
    wire::WriteEntry entry;
    entry.key_bytes = 3;
    entry.ahead = ahead;
    std::string entries;
    wire::Append(&entries, entry);
    entries += "key";
    std::string write = Header(token_, wire::Verb::kBatchWrite, 1);
    wire::Append(&write, wire::BatchWriteRequest{
                             .operations = 1, .transaction = transaction, .payload_bytes = entries.size()});
    client_->SendMessage(write, entries);
    Turn();
    ASSERT_EQ(client_->messages().size(), 2u);
    const std::string_view refusal = client_->messages()[1].header;
    EXPECT_NE(refusal.find("ahead of a transaction"), std::string_view::npos) << refusal;
    EXPECT_EQ(host_.shared.store.Usage().keys, 0u);
  };
  expect_refused(0, 1);
  expect_refused(1, 0);
}

}  // namespace
}  // namespace remote_dram
