// Several small calls in one message: the production code of both ends, in a World, in one thread, on a simulated clock.
#include <gtest/gtest.h>

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

}  // namespace
}  // namespace remote_dram
