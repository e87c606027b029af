// Payloads through bounce buffers in one thread, on a turned clock: both ends' own code, in a World, and what a
// hostile client may try.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include "net/sim/stranger.h"
#include "server/protocol_testing.h"

namespace remote_dram {
namespace {

const net::Address kSocket{.host = "", .port = 0, .path = "/socket"};
constexpr uint64_t kRoundOf = client::bounce_bytes;  // all buffers once

std::string Pattern(uint64_t bytes, uint64_t seed = 0) {
  std::string pattern(bytes, 0);
  for (uint64_t i = 0; i < bytes; ++i) pattern[i] = static_cast<char>((i + seed) * 131 + (i >> 8) * 17 + (i >> 16));
  return pattern;
}

// A server that can be mapped, and a client that does.
class BounceProtocolTest : public ProtocolTest {
 protected:
  void SetUp() override {
    host_.reset();
    host_.emplace(&world_, 1, kSocket);
    connection_->Close();
    connection_ = std::make_shared<client::Connection>(&hub_, client::ConnectionOptions{.address = kSocket, .name = "unix:/socket"});
    ASSERT_TRUE(Open().ok());
    ASSERT_TRUE(Bounces());
  }
  bool Bounces() const {
    client::Reached reached;
    connection_->Describe(&reached);
    return reached.lanes.ends_with(" bounce/memory");
  }
  uint64_t MemoryInUse() { return host_->shared.store.Usage().memory_bytes; }
};

TEST_P(BounceProtocolTest, CarriesValuesOfEverySize) {
  constexpr uint64_t buffer = client::bounce_buffer_bytes, least = client::Bounce::payload_bytes_min;
  for (const uint64_t bytes : {least - 1, least, buffer - 1, buffer, buffer + 1, kRoundOf, kRoundOf + 1, 3 * kRoundOf + 5}) {
    const std::string value = Pattern(bytes);
    ASSERT_TRUE(Put("key", value).ok());
    EXPECT_TRUE(Get("key")->value.bytes() == value) << bytes;
  }
}

TEST_P(BounceProtocolTest, CarriesSeveralAtOnceThatTogetherDoNotFit) {
  std::vector<std::string> values;
  for (uint64_t i = 0; i < 12; ++i) values.push_back(Pattern(i % 3 == 0 ? 20'000 : kRoundOf / 3 + i, i));
  std::vector<std::optional<Result<WriteResult>>> puts(values.size());
  for (size_t i = 0; i < values.size(); ++i) {
    Submit(client::PutCall(std::to_string(i), {values[i]}, {}, Into(&puts[i])));
  }
  for (size_t i = 0; i < values.size(); ++i) {
    ASSERT_TRUE(Wait(&puts[i]).ok()) << Wait(&puts[i]).status().ToString();
    EXPECT_TRUE(Get(std::to_string(i))->value.bytes() == values[i]) << i;
  }
}

TEST_P(BounceProtocolTest, CarriesTheValuesOfBatchesAndTransactions) {
  std::vector<std::string> values;
  std::vector<WriteOperation> operations(40);
  for (uint64_t i = 0; i < operations.size(); ++i) values.push_back(Pattern(i * 1000, i));
  for (size_t i = 0; i < operations.size(); ++i) {
    operations[i].key = std::to_string(i);
    operations[i].value = {values[i]};
  }
  std::optional<Result<BatchWriteResult>> written;
  Submit(client::BatchWriteCall(operations, Into(&written)));
  ASSERT_TRUE(Wait(&written).ok()) << Wait(&written).status().ToString();
  for (WriteOperation& operation : operations) operation.key = "t" + operation.key;
  std::optional<Result<TransactResult>> applied;
  client::Transact(operations, 1, Submitter(), Into(&applied));
  ASSERT_TRUE(Wait(&applied).ok()) << Wait(&applied).status().ToString();
  for (size_t i = 0; i < operations.size(); ++i) {
    EXPECT_TRUE(Get(std::to_string(i))->value.bytes() == values[i]) << i;
    EXPECT_TRUE(Get("t" + std::to_string(i))->value.bytes() == values[i]) << i;
  }
}

// At every moment of it.
TEST_P(BounceProtocolTest, GivesUpACallThatEndsInMidTransfer) {
  ASSERT_TRUE(Put("key", "old").ok());
  const uint64_t in_use = MemoryInUse();
  for (int step = 0; step < 40; ++step) {
    std::string value = Pattern(3 * kRoundOf);
    std::optional<Result<WriteResult>> put;
    const std::shared_ptr<client::Call> call = client::PutCall("key", {value}, {}, Into(&put));
    Submit(call);
    world_.RunFor(step * std::chrono::microseconds(20));
    connection_->Cancel(*call);
    const Result<WriteResult> result = Wait(&put);
    value.assign(value.size(), 'x');  // the caller's again
    world_.RunFor(std::chrono::milliseconds(10));
    const Result<GetResult> got = Get("key");
    const bool is_old = got->value.bytes() == "old";
    EXPECT_TRUE(is_old ? !result.ok() : got->value.bytes() == Pattern(3 * kRoundOf));
    ASSERT_TRUE(Put("key", "old").ok());
    EXPECT_EQ(MemoryInUse(), in_use);
  }
  EXPECT_EQ(host_->shared.connections, 2u);  // and the one of the mapping: none was lost
}

TEST_P(BounceProtocolTest, KeepsItsSessionWhenItGivesUpMoreThanMayBeInFlight) {
  host_->network.Freeze();
  const std::string value = Pattern(client::Bounce::payload_bytes_min);
  std::vector<std::optional<Result<WriteResult>>> puts(2 * requests_in_flight_max + 10);
  for (auto& put : puts) Submit(client::PutCall("key", {value}, {}, Into(&put)));
  for (auto& put : puts) EXPECT_EQ(Wait(&put).status().code(), StatusCode::kDeadlineExceeded);
  for (auto& put : puts) put.reset();
  for (auto& put : puts) Submit(client::PutCall("key", {value}, {}, Into(&put)));
  host_->network.Thaw();
  for (auto& put : puts) EXPECT_TRUE(Wait(&put).ok()) << Wait(&put).status().ToString();
}

// At every moment of a call the connection breaks once.
TEST_P(BounceProtocolTest, RepeatsAMutationOnAnotherConnectionAndAppliesItOnce) {
  for (const uint64_t bytes : {uint64_t{100'000}, 3 * kRoundOf}) {
    const std::string value = Pattern(bytes);
    for (int step = 0; step < 40; ++step) {
      const std::string key = std::to_string(bytes) + "/" + std::to_string(step);
      const uint64_t before = host_->shared.store.Usage().sequence;
      std::optional<Result<WriteResult>> put;
      Submit(client::PutCall(key, {value}, {.if_generation = Generation::Missing()}, Into(&put)));
      world_.RunFor(step * std::chrono::microseconds(20));
      network_.BreakLinks();
      const Result<WriteResult> result = Wait(&put);
      ASSERT_TRUE(result.ok()) << result.status().ToString();
      EXPECT_EQ(result->state, WriteState::kApplied);
      EXPECT_EQ(host_->shared.store.Usage().sequence, before + 1) << "applied twice";
      EXPECT_TRUE(Get(key)->value.bytes() == value);
    }
  }
}

// It comes as a new client, whose buffers are not those that the server had of the old one.
TEST_P(BounceProtocolTest, BouncesAgainAfterTheServerHasForgottenIt) {
  const std::string value = Pattern(100'000);
  ASSERT_TRUE(Put("key", value).ok());
  network_.BreakLinks(1);  // not the mapping's
  world_.RunFor(server::Clients::client_memory + std::chrono::seconds(1));
  const auto other = std::make_shared<client::Connection>(&hub_, client::ConnectionOptions{.address = kSocket, .name = "other"});
  other->Open([](const Status&) {});
  world_.RunFor(std::chrono::milliseconds(10));
  other->Close();  // whenever one leaves, those that left long ago are forgotten
  world_.RunFor(std::chrono::milliseconds(10));
  ASSERT_TRUE(Put("key", Pattern(3 * kRoundOf)).ok());
  world_.RunFor(std::chrono::milliseconds(10));
  EXPECT_TRUE(Bounces());
  EXPECT_TRUE(Put("key", value).ok());
}

TEST_P(BounceProtocolTest, SaysThatItIsUnknownWhatBecameOfAPutWhoseServerDied) {
  std::optional<Result<WriteResult>> put;
  const std::string value = Pattern(3 * kRoundOf);
  Submit(client::PutCall("key", {value}, {}, Into(&put)));
  world_.RunFor(std::chrono::microseconds(50));
  host_->network.Kill();
  const Status status = Wait(&put).status();
  EXPECT_EQ(status.code(), StatusCode::kUnavailable) << status.ToString();
  EXPECT_TRUE(status.outcome_unknown());
}

TEST_P(BounceProtocolTest, FinishesWhatIsArrivingWhenTheServerStops) {
  std::optional<Result<WriteResult>> put;
  const std::string value = Pattern(3 * kRoundOf);
  Submit(client::PutCall("key", {value}, {}, Into(&put)));
  while (host_->station.requests() == 0) world_.RunFor(std::chrono::microseconds(1));
  bool idle = false;
  host_->station.Drain([&idle] { idle = true; });
  EXPECT_TRUE(Wait(&put).ok()) << Wait(&put).status().ToString();
  world_.RunFor(std::chrono::milliseconds(1));
  EXPECT_TRUE(idle);
  EXPECT_EQ(host_->shared.store.Stat("key")->value_bytes, value.size());
}

INSTANTIATE_TEST_SUITE_P(Seeds, BounceProtocolTest, testing::Range(uint64_t{1}, uint64_t{11}));

}  // namespace
}  // namespace remote_dram
