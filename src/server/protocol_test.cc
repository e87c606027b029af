// The whole protocol: the production code of server and client, in a World, in one thread, on a simulated clock.
#include <gtest/gtest.h>

#include <cstring>
#include <map>

#include "server/protocol_testing.h"

namespace remote_dram {
namespace {

TEST_P(ProtocolTest, GreetsPutsAndGets) {
  ASSERT_TRUE(Open().ok());
  for (const size_t size : {0, 1, 1024, 1025, 100'000}) {
    const std::string value(size, 'v');
    const Result<WriteResult> put = Put("key", value);
    ASSERT_TRUE(put.ok()) << put.status().ToString();
    const Result<GetResult> got = Get("key");
    ASSERT_TRUE(got.ok()) << got.status().ToString();
    EXPECT_EQ(got->value.bytes(), value);
    EXPECT_EQ(got->generation, put->generation);
  }
  EXPECT_EQ(host_->shared.connections, 1u);
}

// With a client that skips its own checks.
TEST_P(ProtocolTest, RefusesAKeyThatIsTooLongWhateverTheVerb) {
  ASSERT_TRUE(Open().ok());
  const std::string key(key_bytes_max + 1, 'k'), longer = key + "k";  // a bound may be one byte longer than a key
  const auto expect_refused = [this](auto* result, const char* why) {
    const Status status = Wait(result).status();
    EXPECT_EQ(status.code(), StatusCode::kInvalidArgument) << status.ToString();
    EXPECT_NE(status.message().find(why), std::string::npos) << status.ToString();
    EXPECT_FALSE(status.outcome_unknown());
  };
  std::optional<Result<GetResult>> got;
  std::optional<Result<WriteResult>> put, deleted;
  std::optional<Result<StatResult>> stat;
  std::optional<Result<DeleteRangeResult>> range;
  std::optional<Result<ListPage>> page;
  Submit(client::GetCall(key, {}, Into(&got)));
  Submit(client::PutCall(key, {"value"}, {}, Into(&put)));
  Submit(client::DeleteCall(key, {}, Into(&deleted)));
  Submit(client::StatCall(key, Into(&stat)));
  Submit(client::DeleteRangeCall({longer, ""}, Into(&range)));
  Submit(client::ListCall({"", longer}, {}, Into(&page)));
  expect_refused(&got, "key_bytes_max");
  expect_refused(&put, "key_bytes_max");
  expect_refused(&deleted, "key_bytes_max");
  expect_refused(&stat, "key_bytes_max");
  expect_refused(&range, "a bound of the range is longer than a key can be");
  expect_refused(&page, "a bound of the range is longer than a key can be");
  EXPECT_TRUE(Put("key", "and the session goes on").ok());
}

TEST_P(ProtocolTest, SaysThatThereIsNoServer) {
  host_.reset();
  const Status opened = Open();
  EXPECT_EQ(opened.code(), StatusCode::kUnavailable);
  EXPECT_NE(opened.message().find("host:1"), std::string::npos) << opened.ToString();
}

TEST_P(ProtocolTest, FailsWhatIsPendingWhenTheServerDiesAndSaysWhatIsUnknown) {
  ASSERT_TRUE(Open().ok());
  std::optional<Result<WriteResult>> put;
  std::optional<Result<GetResult>> got;
  const std::string value(100'000, 'x');
  Submit(client::PutCall("key", {value}, {}, Into(&put)));
  Submit(client::GetCall("key", {}, Into(&got)));
  host_->network.Kill();
  const net::TimePoint killed = world_.now();
  const Status put_status = Wait(&put).status(), got_status = Wait(&got).status();
  EXPECT_LT(world_.now() - killed, std::chrono::milliseconds(100));
  EXPECT_EQ(put_status.code(), StatusCode::kUnavailable);
  EXPECT_TRUE(put_status.outcome_unknown()) << put_status.ToString();
  EXPECT_EQ(got_status.code(), StatusCode::kUnavailable);
  EXPECT_FALSE(got_status.outcome_unknown());
}

TEST_P(ProtocolTest, KeepsItsDeadlineWhenTheServerStandsStillAndDropsTheLateReply) {
  ASSERT_TRUE(Open().ok());
  ASSERT_TRUE(Put("key", "old").ok());
  host_->network.Freeze();
  const net::TimePoint asked = world_.now();
  const Status late = Put("key", "new").status();
  EXPECT_EQ(late.code(), StatusCode::kDeadlineExceeded) << late.ToString();
  EXPECT_TRUE(late.outcome_unknown());
  EXPECT_GE(world_.now() - asked, kTimeout);
  EXPECT_LT(world_.now() - asked, kTimeout + std::chrono::milliseconds(10));
  host_->network.Thaw();
  EXPECT_EQ(Get("key")->value.bytes(), "new");  // its outcome was unknown; it was in fact applied
}

TEST_P(ProtocolTest, GivesUpTheConnectionBeforeALentValueIsGivenBack) {
  ASSERT_TRUE(Open().ok());
  ASSERT_TRUE(Put("key", "old").ok());
  host_->network.Freeze();
  std::string value(100'000, 'a');
  std::optional<Result<WriteResult>> put;
  Submit(client::PutCall("key", {value}, {}, Into(&put)));
  EXPECT_EQ(Wait(&put).status().code(), StatusCode::kDeadlineExceeded);
  value.assign(value.size(), 'b');  // the call has ended, so the caller may reuse its memory
  host_->network.Thaw();
  world_.RunFor(std::chrono::seconds(1));
  EXPECT_EQ(Get("key")->value.bytes(), "old");
}

TEST_P(ProtocolTest, GivesUpTheConnectionBeforeABlockLosesItsPin) {
  ASSERT_TRUE(Open().ok());
  const std::string value(100'000, 'a');
  ASSERT_TRUE(Put("key", value).ok());
  for (int step = 0; step < 40; ++step) {
    std::optional<Result<GetResult>> got;
    Submit(client::GetCall("key", {}, Into(&got)));
    world_.RunFor(step * std::chrono::microseconds(10));
    host_->network.BreakLinks();  // the session ends while the client may be fetching the reply
    const Result<GetResult> result = Wait(&got);
    ASSERT_TRUE(result.ok()) << result.status().ToString();
    EXPECT_EQ(result->value.bytes(), value);
  }
}

TEST_P(ProtocolTest, SendsTheVersionThatItFoundAlthoughTheKeyIsOverwrittenMeanwhile) {
  ASSERT_TRUE(Open().ok());
  const auto put = [this](char letter) {
    Result<store::Reservation> reserved = host_->shared.store.Prepare("key", 100'000);
    std::memset(reserved->bytes().data, letter, reserved->bytes().size);
    return host_->shared.store.Publish(*std::move(reserved), {}).generation;
  };
  for (int step = 0; step < 40; ++step) {
    std::map<uint64_t, char> letters;  // by sequence
    const auto note = [&](char letter) { letters.emplace(put(letter).sequence(), letter); };
    note('a');
    std::optional<Result<GetResult>> got;
    Submit(client::GetCall("key", {}, Into(&got)));
    world_.RunFor(step * std::chrono::microseconds(10));
    for (const char letter : {'b', 'c', 'd'}) note(letter);  // reuses the memory of the first version
    const Result<GetResult> result = Wait(&got);
    ASSERT_TRUE(result.ok()) << result.status().ToString();
    EXPECT_TRUE(result->value.bytes() == std::string(100'000, letters.at(result->generation.sequence())));
  }
}

TEST_P(ProtocolTest, FailsForGoodAfterTheServerWasRestarted) {
  ASSERT_TRUE(Open().ok());
  ASSERT_TRUE(Put("key", "value").ok());
  host_->network.Kill();
  world_.RunFor(std::chrono::seconds(1));
  host_.reset();
  EXPECT_EQ(Get("key").status().code(), StatusCode::kUnavailable);
  host_.emplace(&world_, 2);
  for (int i = 0; i < 2; ++i) {
    const Status status = Get("key").status();
    EXPECT_EQ(status.code(), StatusCode::kFailedPrecondition) << status.ToString();
    EXPECT_NE(status.message().find("restarted"), std::string::npos) << status.ToString();
  }
}

TEST_P(ProtocolTest, GoesOnWithTheRestartedServerIfThatWasAskedFor) {
  AcceptRestarts();
  ASSERT_TRUE(Open().ok());
  const Result<WriteResult> old = Put("key", "value");
  ASSERT_TRUE(old.ok());
  host_->network.Kill();
  world_.RunFor(std::chrono::seconds(1));
  host_.reset();
  EXPECT_EQ(Get("key").status().code(), StatusCode::kUnavailable);
  host_.emplace(&world_, 2);
  const Result<GetResult> got = Get("key");
  ASSERT_TRUE(got.ok()) << got.status().ToString();
  EXPECT_EQ(got->state, ReadState::kMissing);
  std::optional<Result<WriteResult>> put;
  Submit(client::PutCall("key", {"new"}, {.if_generation = old->generation}, Into(&put)));
  EXPECT_EQ(Wait(&put)->state, WriteState::kConditionFailed);
}

TEST_P(ProtocolTest, FinishesWhatRunsWhenTheServerStopsAndBeginsNothing) {
  ASSERT_TRUE(Open().ok());
  std::optional<Result<WriteResult>> running, refused;
  const std::string value(100'000, 'x');
  Submit(client::PutCall("running", {value}, {}, Into(&running)));
  while (host_->station.requests() == 0) world_.RunFor(std::chrono::microseconds(1));
  ASSERT_FALSE(running.has_value());
  bool idle = false;
  host_->station.Drain([&idle] { idle = true; });
  EXPECT_FALSE(idle);
  Submit(client::PutCall("refused", {value}, {}, Into(&refused)));
  EXPECT_TRUE(Wait(&running).ok()) << Wait(&running).status().ToString();
  const Status status = Wait(&refused).status();
  EXPECT_EQ(status.code(), StatusCode::kUnavailable);
  EXPECT_FALSE(status.outcome_unknown()) << status.ToString();
  world_.RunFor(std::chrono::milliseconds(1));
  EXPECT_TRUE(idle);
  EXPECT_TRUE(host_->shared.store.Stat("running")->exists);
  EXPECT_FALSE(host_->shared.store.Stat("refused")->exists);
}

TEST_P(ProtocolTest, KeepsItsSessionWhenItGivesUpMoreCallsThanMayBeInFlight) {
  ASSERT_TRUE(Open().ok());
  host_->network.Freeze();
  std::vector<std::optional<Result<WriteResult>>> puts(3 * requests_in_flight_max);
  for (auto& put : puts) Submit(client::PutCall("key", {"v"}, {}, Into(&put)));
  for (auto& put : puts) EXPECT_EQ(Wait(&put).status().code(), StatusCode::kDeadlineExceeded);
  for (auto& put : puts) put.reset();
  for (auto& put : puts) Submit(client::PutCall("key", {"w"}, {}, Into(&put)));
  host_->network.Thaw();
  for (auto& put : puts) EXPECT_TRUE(Wait(&put).ok()) << Wait(&put).status().ToString();
}

TEST_P(ProtocolTest, ConnectsAgainToTheSameIncarnation) {
  ASSERT_TRUE(Open().ok());
  ASSERT_TRUE(Put("key", "value").ok());
  network_.BreakLinks();
  world_.RunFor(std::chrono::milliseconds(1));
  EXPECT_EQ(host_->shared.connections, 0u);
  EXPECT_EQ(Get("key")->value.bytes(), "value");
  EXPECT_EQ(host_->shared.connections, 1u);
}

// Breaks the connection at many different moments of a call, before or after the server has received it.
TEST_P(ProtocolTest, RepeatsAMutationWhoseReplyWasLostAndAppliesItOnce) {
  ASSERT_TRUE(Open().ok());
  for (const size_t size : {size_t{10}, size_t{100'000}}) {
    const std::string value(size, 'v');
    for (int step = 0; step < 40; ++step) {
      const std::string key = std::to_string(size) + "/" + std::to_string(step);
      const uint64_t before = host_->shared.store.Usage().sequence;
      std::optional<Result<WriteResult>> put;
      Submit(client::PutCall(key, {value}, {.if_generation = Generation::Missing()}, Into(&put)));
      world_.RunFor(step * std::chrono::microseconds(10));
      network_.BreakLinks();
      const Result<WriteResult> result = Wait(&put);
      ASSERT_TRUE(result.ok()) << result.status().ToString();
      EXPECT_EQ(result->state, WriteState::kApplied) << "a repeated write met its own result";
      EXPECT_EQ(result->sequence, before + 1);
      EXPECT_EQ(host_->shared.store.Usage().sequence, before + 1) << "applied twice";
      EXPECT_EQ(Get(key)->generation, result->generation);
    }
  }
}

TEST_P(ProtocolTest, RepeatsReadsOnAnotherConnection) {
  ASSERT_TRUE(Open().ok());
  const std::string value(100'000, 'v');
  ASSERT_TRUE(Put("key", value).ok());
  for (int step = 0; step < 40; ++step) {
    std::optional<Result<GetResult>> got;
    std::string place(value.size(), ' ');
    GetOptions into;
    into.into = {place.data(), place.size()};
    Submit(client::GetCall("key", into, Into(&got)));
    world_.RunFor(step * std::chrono::microseconds(10));
    host_->network.BreakLinks();
    const Result<GetResult> result = Wait(&got);
    ASSERT_TRUE(result.ok()) << result.status().ToString();
    EXPECT_EQ(place, value);
  }
}

TEST_P(ProtocolTest, SendsNoMutationToAnotherIncarnationThanTheFirst) {
  AcceptRestarts();
  ASSERT_TRUE(Open().ok());
  host_->network.Freeze();
  std::optional<Result<WriteResult>> sent;
  std::optional<Result<GetResult>> read;
  Submit(client::PutCall("sent", {"value"}, {}, Into(&sent)));
  Submit(client::GetCall("sent", {}, Into(&read)));
  world_.RunFor(std::chrono::milliseconds(1));
  host_->network.Kill();
  host_.reset();
  host_.emplace(&world_, 2);
  const Status status = Wait(&sent).status();
  EXPECT_EQ(status.code(), StatusCode::kUnavailable) << status.ToString();
  EXPECT_TRUE(status.outcome_unknown());
  EXPECT_EQ(Wait(&read)->state, ReadState::kMissing);
  EXPECT_FALSE(host_->shared.store.Stat("sent")->exists);
}

TEST_P(ProtocolTest, KeepsTheDeadlineWhileItConnectsAgain) {
  ASSERT_TRUE(Open().ok());
  host_->network.Freeze();
  std::optional<Result<WriteResult>> put;
  Submit(client::PutCall("key", {"value"}, {}, Into(&put)));
  const net::TimePoint asked = world_.now();
  world_.RunFor(std::chrono::seconds(1));
  network_.BreakLinks();
  const Status status = Wait(&put).status();
  EXPECT_EQ(status.code(), StatusCode::kDeadlineExceeded);
  EXPECT_TRUE(status.outcome_unknown());
  EXPECT_NE(status.message().find("the connection was lost"), std::string::npos) << status.ToString();
  EXPECT_LT(world_.now() - asked, kTimeout + std::chrono::milliseconds(10));
  host_->network.Thaw();
  EXPECT_TRUE(Get("key").ok());
}

TEST_P(ProtocolTest, CancelsACallThatIsUnderWayOrWaits) {
  ASSERT_TRUE(Open().ok());
  ASSERT_TRUE(Put("key", "old").ok());
  for (const bool connected : {true, false}) {
    host_->network.Freeze();
    if (!connected) network_.BreakLinks();
    world_.RunFor(std::chrono::milliseconds(1));
    std::string value(100'000, 'a');
    std::optional<Result<WriteResult>> put;
    const std::shared_ptr<client::Call> call = client::PutCall("key", {value}, {}, Into(&put));
    Submit(call);
    world_.RunFor(std::chrono::milliseconds(1));
    connection_->Cancel(*call);
    const net::TimePoint cancelled = world_.now();
    const Status status = Wait(&put).status();
    EXPECT_EQ(status.code(), StatusCode::kCancelled);
    EXPECT_EQ(status.outcome_unknown(), connected) << status.ToString();
    EXPECT_LE(world_.now() - cancelled, client::Connection::abandon_grace + std::chrono::milliseconds(2));
    value.assign(value.size(), 'b');  // the call has ended, so the caller may reuse its memory
    connection_->Cancel(*call);       // has no effect after the end
    host_->network.Thaw();
    EXPECT_EQ(Get("key")->value.bytes(), "old");
  }
}

TEST_P(ProtocolTest, IsForgottenWhenItSaysGoodbye) {
  ASSERT_TRUE(Open().ok());
  EXPECT_EQ(host_->shared.clients.size(), 1u);
  connection_->Close();
  world_.RunFor(std::chrono::milliseconds(1));
  EXPECT_EQ(host_->shared.clients.size(), 0u);
}

INSTANTIATE_TEST_SUITE_P(Seeds, ProtocolTest, testing::Range(uint64_t{1}, uint64_t{21}));

}  // namespace
}  // namespace remote_dram
