// Waiting in a World: a wait ends when anybody changes the key, at once when the server stops or dies, and in any case at its
// deadline.
#include "server/protocol_testing.h"

namespace remote_dram {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

class WaitProtocolTest : public ProtocolTest {
 protected:
  void SetUp() override { ASSERT_TRUE(Open().ok()); }

  void Begin(std::string_view key, const Generation& known, milliseconds timeout, std::optional<Result<StatResult>>* into) {
    client::Wait(std::string(key), known, &network_.loop(), world_.now() + timeout, Submitter(timeout), Into(into));
  }
  // Puts as another client, or the server itself, would.
  Generation PutHere(std::string_view key) {
    return host_->shared.store.Publish(*host_->shared.store.Prepare(key, 0), {}).generation;
  }
  bool Soon(const std::optional<Result<StatResult>>& result) {
    world_.RunFor(milliseconds(1));
    return result.has_value();
  }
};

TEST_P(WaitProtocolTest, HoldsUpNoOtherCallsHoweverManyThereAre) {
  std::vector<std::optional<Result<StatResult>>> waits(requests_in_flight_max + 1);
  for (auto& wait : waits) Begin("key", Generation::Missing(), seconds(20), &wait);
  EXPECT_FALSE(Soon(waits.back()));
  ASSERT_TRUE(Put("key", "value").ok());
  for (auto& wait : waits) EXPECT_TRUE(Wait(&wait)->exists);
}

TEST_P(WaitProtocolTest, IsAnsweredAtOnceOrWhenTheKeyChanges) {
  std::optional<Result<StatResult>> missing, changed, removed, other;
  Begin("k", Generation::Missing(), seconds(20), &missing);
  Begin("other", Generation::Missing(), seconds(20), &other);
  EXPECT_FALSE(Soon(missing));
  const Generation first = PutHere("k");
  ASSERT_TRUE(Soon(missing));
  EXPECT_EQ((*missing)->generation, first);
  EXPECT_TRUE((*missing)->exists);
  EXPECT_EQ((*missing)->sequence, 1u);

  Begin("k", first, seconds(20), &changed);
  EXPECT_FALSE(Soon(changed));
  const Generation second = PutHere("k");
  ASSERT_TRUE(Soon(changed));
  EXPECT_EQ((*changed)->generation, second);

  std::optional<Result<StatResult>> at_once;
  Begin("k", first, seconds(20), &at_once);
  ASSERT_TRUE(Soon(at_once));
  EXPECT_EQ((*at_once)->generation, second);

  Begin("k", second, seconds(20), &removed);
  EXPECT_FALSE(Soon(removed));
  ASSERT_TRUE(host_->shared.store.Delete("k", {}).ok());
  ASSERT_TRUE(Soon(removed));
  EXPECT_FALSE((*removed)->exists);
  EXPECT_EQ((*removed)->generation, Generation::Missing());
  EXPECT_FALSE(other.has_value());
  EXPECT_EQ(host_->station.requests(), 1u);
  connection_->Close();
  ASSERT_TRUE(Soon(other));
  EXPECT_EQ(other->status().code(), StatusCode::kCancelled);
}

TEST_P(WaitProtocolTest, EndsAtItsDeadlineAndTheServerForgetsIt) {
  std::optional<Result<StatResult>> result;
  const net::TimePoint asked = world_.now();
  Begin("k", Generation::Missing(), seconds(5), &result);
  const Status status = Wait(&result).status();
  EXPECT_EQ(status.code(), StatusCode::kDeadlineExceeded) << status.ToString();
  EXPECT_FALSE(status.outcome_unknown());
  EXPECT_GE(world_.now() - asked, seconds(5));
  EXPECT_LT(world_.now() - asked, seconds(5) + milliseconds(10));
  world_.RunFor(milliseconds(10));
  EXPECT_EQ(host_->station.requests(), 0u);
}

TEST_P(WaitProtocolTest, FailsAtOnceIfItsDeadlineHasPassed) {
  std::optional<Result<StatResult>> result;
  Begin("k", Generation::Missing(), milliseconds(-1), &result);
  ASSERT_TRUE(Soon(result));
  EXPECT_EQ(result->status().code(), StatusCode::kDeadlineExceeded);
}

TEST_P(WaitProtocolTest, WaitsLongerThanAServerRemembers) {
  std::optional<Result<StatResult>> woken, late;
  const auto hour = std::chrono::hours(1);
  Begin("k", Generation::Missing(), hour, &woken);
  Begin("never", Generation::Missing(), hour, &late);
  world_.RunFor(seconds(1000));
  EXPECT_FALSE(woken.has_value());
  PutHere("k");
  EXPECT_TRUE(Soon(woken));
  EXPECT_TRUE(woken->ok());
  world_.RunFor(hour);
  ASSERT_TRUE(late.has_value());
  EXPECT_EQ(late->status().code(), StatusCode::kDeadlineExceeded);
}

TEST_P(WaitProtocolTest, IsToldAtOnceThatTheServerStops) {
  std::optional<Result<StatResult>> result;
  Begin("k", Generation::Missing(), seconds(20), &result);
  world_.RunFor(milliseconds(1));
  bool idle = false;
  host_->station.Drain([&idle] { idle = true; });
  ASSERT_TRUE(Soon(result));
  EXPECT_EQ(result->status().code(), StatusCode::kUnavailable);
  EXPECT_NE(result->status().message().find("stopping"), std::string::npos);
  EXPECT_TRUE(idle);
}

TEST_P(WaitProtocolTest, IsToldAtOnceThatTheServerDied) {
  std::optional<Result<StatResult>> result;
  Begin("k", Generation::Missing(), seconds(20), &result);
  world_.RunFor(milliseconds(1));
  const net::TimePoint killed = world_.now();
  host_->network.Kill();
  const Status status = Wait(&result).status();
  EXPECT_FALSE(status.outcome_unknown());
  EXPECT_EQ(status.code(), StatusCode::kUnavailable) << status.ToString();
  EXPECT_LT(world_.now() - killed, milliseconds(100));
}

TEST_P(WaitProtocolTest, LeavesNothingBehindWhenTheClientGoes) {
  std::optional<Result<StatResult>> result;
  Begin("k", Generation::Missing(), seconds(20), &result);
  world_.RunFor(milliseconds(1));
  connection_->Close();
  world_.RunFor(milliseconds(10));
  EXPECT_EQ(host_->shared.connections, 0u);
  EXPECT_EQ(host_->station.requests(), 0u);
  PutHere("k");  // no waiter is left to be woken
  world_.RunFor(milliseconds(10));
}

INSTANTIATE_TEST_SUITE_P(Seeds, WaitProtocolTest, testing::Range(uint64_t{1}, uint64_t{6}));

}  // namespace
}  // namespace remote_dram
