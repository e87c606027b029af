// Call: it is decided once and finishes once, and not before the caller's memory is the caller's again.
#include "client/call.h"

#include <gtest/gtest.h>

#include "client/testing.h"
#include "client/verbs.h"

namespace remote_dram::client {
namespace {

// A call that counts its replies and is decided when the test says so.
class Probe final : public CallFor<int> {
 public:
  Probe(wire::Verb verb, Done<int> done) : CallFor(verb, "put \"a\"", std::move(done)) {}
  using Call::Decide;

  int reads = 0;
  bool decide_at_once = true;

 protected:
  void Read(const wire::MessageHeader&, std::string_view, net::Arrival&) override {
    ++reads;
    result = 7;
    if (decide_at_once) Decide(Status());
  }
};

class CallTest : public testing::Test {
 protected:
  std::shared_ptr<Probe> Begin(wire::Verb verb = wire::Verb::kPut) {
    auto call = std::make_shared<Probe>(verb, [this](Result<int> answer) { answers_.push_back(std::move(answer)); });
    Begin(call);
    return call;
  }
  void Begin(const std::shared_ptr<Call>& call) {
    begun_.push_back(call);
    Call::Hold(call).Begin(&loop_, &lifeline_);
  }
  // Fails the remaining calls, as a connection does when it ends.
  void TearDown() override {
    for (const std::weak_ptr<Call>& weak : begun_) {
      if (const std::shared_ptr<Call> call = weak.lock()) call->Fail(Status(StatusCode::kCancelled, "the test is over"));
    }
    loop_.RunAll();
  }
  void Answer(Call& call, StatusCode code = StatusCode::kOk, std::string_view rest = {}) {
    const wire::MessageHeader header{.token = 1, .verb = 3, .code = static_cast<uint16_t>(code)};
    call.Accept(header, rest, arrival_);
  }

  PlainLoop loop_;
  MadeUpArrival arrival_;
  MadeUpLifeline lifeline_;
  std::vector<Result<int>> answers_;

 private:
  std::vector<std::weak_ptr<Call>> begun_;
};

TEST_F(CallTest, RunsItsCompletionOnceAndNeverInsideTheAnswer) {
  const auto call = Begin();
  Answer(*call);
  EXPECT_TRUE(call->decided());
  EXPECT_EQ(lifeline_.decided, 1);
  EXPECT_TRUE(answers_.empty());
  loop_.RunAll();
  ASSERT_EQ(answers_.size(), 1u);
  EXPECT_EQ(*answers_[0], 7);
}

TEST_F(CallTest, IsDecidedByWhateverComesFirst) {
  const auto call = Begin();
  call->Fail(Status(StatusCode::kDeadlineExceeded, "late"));
  Answer(*call);
  call->Fail(Status(StatusCode::kUnavailable, "gone"));
  call->Decide(Status());
  loop_.RunAll();
  ASSERT_EQ(answers_.size(), 1u);
  EXPECT_EQ(answers_[0].status().code(), StatusCode::kDeadlineExceeded);
  EXPECT_EQ(call->reads, 0);
  EXPECT_EQ(lifeline_.decided, 1);
}

TEST_F(CallTest, ReadsOnlyTheFirstOfTwoAnswers) {
  const auto call = Begin();
  call->decide_at_once = false;
  Answer(*call);
  Answer(*call);
  EXPECT_EQ(call->reads, 1);
  call->Decide(Status());
  loop_.RunAll();
  EXPECT_EQ(answers_.size(), 1u);
}

TEST_F(CallTest, TellsWhatWasTriedAndOnWhat) {
  const auto call = Begin();
  call->Fail(Status(StatusCode::kUnavailable, "no server at x"));
  loop_.RunAll();
  EXPECT_EQ(answers_[0].status().ToString(), "UNAVAILABLE: put \"a\": no server at x");
  EXPECT_FALSE(answers_[0].status().outcome_unknown());  // it was never sent
}

TEST_F(CallTest, SaysThatNobodyKnowsWhetherAWriteThatWasSentWasApplied) {
  const auto call = Begin();
  call->Send({});
  call->Fail(Status(StatusCode::kUnavailable, "the server is gone"));
  loop_.RunAll();
  EXPECT_TRUE(answers_[0].status().outcome_unknown());
  EXPECT_EQ(answers_[0].status().message(), "put \"a\": the server is gone; it is unknown whether this was applied");
}

TEST_F(CallTest, KnowsTheOutcomeOfAReadAndOfAnErrorThatTheServerSent) {
  const auto read = Begin(wire::Verb::kGet);
  read->Send({});
  read->Fail(Status(StatusCode::kUnavailable, "gone"));
  const auto refused = Begin();
  refused->Send({});
  Answer(*refused, StatusCode::kResourceExhausted, "full");
  loop_.RunAll();
  ASSERT_EQ(answers_.size(), 2u);
  EXPECT_FALSE(answers_[0].status().outcome_unknown());
  EXPECT_FALSE(answers_[1].status().outcome_unknown());
  EXPECT_EQ(answers_[1].status().ToString(), "RESOURCE_EXHAUSTED: put \"a\": full");
}

TEST_F(CallTest, FinishesOnlyWhenNoTransferTouchesTheCallersMemory) {
  const auto call = Begin();
  net::TransferEnded first = call->Lend(), second = call->Lend();
  call->Fail(Status(StatusCode::kDeadlineExceeded, "late"));
  EXPECT_EQ(lifeline_.decided, 1);  // its slot is free; its memory is not
  loop_.RunAll();
  EXPECT_TRUE(answers_.empty());
  first(Status(StatusCode::kUnavailable, "broke off"));
  EXPECT_TRUE(call->lent());
  loop_.RunAll();
  EXPECT_TRUE(answers_.empty());
  second(Status());
  EXPECT_FALSE(call->lent());
  loop_.RunAll();
  ASSERT_EQ(answers_.size(), 1u);
  EXPECT_EQ(answers_[0].status().code(), StatusCode::kDeadlineExceeded);
}

TEST_F(CallTest, IsKeptByItsTransfersWhenNobodyElseHoldsIt) {
  std::weak_ptr<Probe> weak;
  net::TransferEnded ended;
  {
    const auto call = Begin();
    weak = call;
    ended = call->Lend();
    call->Decide(Status());
  }
  EXPECT_FALSE(weak.expired());
  ended(Status());
  ended = {};
  loop_.RunAll();
  EXPECT_EQ(answers_.size(), 1u);
  EXPECT_TRUE(weak.expired());
}

// The same for a real verb, whose value is fetched from the server's memory.
class GetCallTest : public CallTest {
 protected:
  void Accept(Call& call, net::Arrival& arrival, uint64_t bytes) {
    std::string reply;
    wire::Append(&reply, wire::GetReply{.generation = {1, 2, 2}, .value_bytes = bytes, .payload_bytes = bytes});
    call.Accept({.token = 1, .sequence = 5, .verb = 2}, reply, arrival);
  }
  std::shared_ptr<Call> Get(MutableBytes into = {}) {
    GetOptions options;
    options.into = into;
    auto call = GetCall("a", options, [this](Result<GetResult> got) { got_.push_back(std::move(got)); });
    Begin(call);
    return call;
  }
  std::vector<Result<GetResult>> got_;
};

TEST_F(GetCallTest, ReturnsTheValueThatCameAlong) {
  MadeUpArrival arrival("value");
  Accept(*Get(), arrival, 5);
  loop_.RunAll();
  ASSERT_TRUE(got_.size() == 1 && got_[0].ok());
  EXPECT_EQ(got_[0]->value.bytes(), "value");
  EXPECT_EQ(got_[0]->generation, Generation::Value(1, 2));
  EXPECT_EQ(got_[0]->sequence, 5u);
}

TEST_F(GetCallTest, DistrustsAValueThatWasFetchedWhileTheServerWentAway) {
  MadeUpArrival arrival("value", false);
  const auto call = Get();
  Accept(*call, arrival, 5);
  lifeline_.there = false;
  arrival.pending(Status());  // the transfer itself succeeded
  loop_.RunAll();
  EXPECT_TRUE(got_.empty());
  EXPECT_EQ(lifeline_.broken.code(), StatusCode::kUnavailable);
}

TEST_F(GetCallTest, IsAskedAgainAfterItsTransferBrokeOff) {
  char place[5] = "";
  MadeUpArrival broken("12345", false), whole("12345", false);
  const auto call = Get({place, sizeof place});
  Accept(*call, broken, 5);
  call->Retract();  // its connection is gone
  EXPECT_EQ(lifeline_.returned, 0);
  broken.pending(Status(StatusCode::kUnavailable, "broke off"));
  EXPECT_EQ(lifeline_.returned, 1);  // only now may another transfer have the memory
  EXPECT_TRUE(lifeline_.broken.ok());  // the failure belongs to the retracted attempt and is ignored
  Accept(*call, whole, 5);
  whole.pending(Status());
  loop_.RunAll();
  ASSERT_TRUE(got_.size() == 1 && got_[0].ok());
}

TEST_F(CallTest, EndsWhenItIsCancelledAndForgetsTheCancellation) {
  const Cancellation cancel = Cancellation::Make();
  int cancelled = 0;
  const auto make = [&] {
    const auto call = std::make_shared<Probe>(wire::Verb::kPut, [this](Result<int> answer) { answers_.push_back(std::move(answer)); });
    call->cancel = cancel;
    call->cancelled = [&cancelled] { ++cancelled; };
    Begin(call);
    return call;
  };
  const auto running = make(), ended = make();
  ended->Decide(Status());
  EXPECT_FALSE(cancel.cancelled() || Cancellation().cancelled());
  cancel.Cancel();
  EXPECT_TRUE(cancel.cancelled());
  EXPECT_EQ(cancelled, 1);  // only for the running call; the one that ended is no longer registered
  const auto late = make();
  EXPECT_TRUE(late->decided());
  loop_.RunAll();
  ASSERT_EQ(answers_.size(), 2u);
  EXPECT_EQ(answers_[1].status().code(), StatusCode::kCancelled);
}

TEST_F(GetCallTest, HoldsTheCallersMemoryUntilTheTransferEnded) {
  char place[5] = "";
  MadeUpArrival arrival("12345", false);
  const auto call = Get({place, sizeof place});
  Accept(*call, arrival, 5);
  EXPECT_TRUE(call->lent());
  call->Fail(Status(StatusCode::kDeadlineExceeded, "late"));
  loop_.RunAll();
  EXPECT_TRUE(got_.empty());
  arrival.pending(Status());
  loop_.RunAll();
  ASSERT_EQ(got_.size(), 1u);
  EXPECT_EQ(got_[0].status().code(), StatusCode::kDeadlineExceeded);
}

TEST_F(GetCallTest, AccusesAServerWhoseReplyDoesNotMatchItsPayload) {
  MadeUpArrival arrival("value");
  const auto call = Get();
  Accept(*call, arrival, 4);
  EXPECT_EQ(lifeline_.fault, "the value has another size than announced");
  char place[4];
  lifeline_.fault.clear();
  Accept(*Get({place, sizeof place}), arrival, 5);
  EXPECT_EQ(lifeline_.fault, "the value does not fit its place");
}

}  // namespace
}  // namespace remote_dram::client
