// Pending: slots and their numbers, the queue, and deadlines.
#include "client/pending.h"

#include <gtest/gtest.h>

#include <deque>

#include "client/testing.h"

namespace remote_dram::client {
namespace {

using std::chrono::seconds;

class Nothing final : public Call {
 public:
  explicit Nothing(net::TimePoint when, wire::Verb verb = wire::Verb::kStat) : Call(verb, "nothing") { deadline = when; }

 protected:
  void Read(const wire::MessageHeader&, std::string_view, net::Arrival&) override {}
  void Finish(const Status&) override {}
};

std::deque<Nothing> made;  // keeps the calls of all tests
Call* Make(net::TimePoint deadline = net::TimePoint::max()) { return &made.emplace_back(deadline); }
Call* MakeWait() { return &made.emplace_back(net::TimePoint::max(), wire::Verb::kWait); }
net::TimePoint At(int time) { return net::TimePoint() + seconds(time); }

// The next call that may be sent; sets its number.
Call* Next(Pending& pending, uint64_t* number) {
  Call* const call = pending.Next();
  if (call != nullptr) *number = call->slot;
  return call;
}

TEST(Pending, SendsCallsInTheOrderInWhichTheyCame) {
  Pending pending;
  pending.SetInFlightMax(3);
  const std::vector<Call*> calls = {Make(), Make(), Make()};
  for (Call* const call : calls) EXPECT_TRUE(pending.Admit(call));
  uint64_t number = 0;
  for (Call* const call : calls) EXPECT_EQ(Next(pending, &number), call);
  EXPECT_EQ(Next(pending, &number), nullptr);
}

TEST(Pending, KeepsWhatIsOverTheLimitWaiting) {
  Pending pending;
  pending.SetInFlightMax(2);
  uint64_t first = 0, second = 0, third = 0;
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(pending.Admit(Make()));
  EXPECT_NE(Next(pending, &first), nullptr);
  EXPECT_NE(Next(pending, &second), nullptr);
  EXPECT_EQ(Next(pending, &third), nullptr);
  pending.Answer(first);
  pending.Forget(first);
  EXPECT_NE(Next(pending, &third), nullptr);
}

TEST(Pending, GivesWaitsHalfOfTheSlotsAndLeavesTheOthersToTheCallsThatMayEndThem) {
  Pending pending;
  pending.SetInFlightMax(4);
  const std::vector<Call*> calls = {MakeWait(), MakeWait(), MakeWait(), Make(), Make()};
  for (Call* const call : calls) EXPECT_TRUE(pending.Admit(call));
  uint64_t first = 0, number = 0;
  EXPECT_EQ(Next(pending, &first), calls[0]);
  EXPECT_EQ(pending.Front(), calls[1]);
  for (const size_t index : {1, 3, 4}) EXPECT_EQ(Next(pending, &number), calls[index]);
  EXPECT_EQ(pending.Front(), nullptr);
  pending.Answer(first);
  pending.Forget(first);
  EXPECT_EQ(Next(pending, &number), calls[2]);
}

TEST(Pending, SendsWaitsAgainInTheirOrderOnAnotherConnection) {
  Pending pending;
  pending.SetInFlightMax(4);
  const std::vector<Call*> calls = {MakeWait(), Make(), MakeWait(), MakeWait()};
  for (Call* const call : calls) EXPECT_TRUE(pending.Admit(call));
  uint64_t number = 0;
  for (int round = 0; round < 2; ++round) {
    for (const size_t index : {0, 1, 2}) EXPECT_EQ(Next(pending, &number), calls[index]);
    EXPECT_EQ(Next(pending, &number), nullptr);
    pending.Requeue();
  }
  EXPECT_EQ(pending.TakeAll(), (std::vector<Call*>{calls[1], calls[0], calls[2], calls[3]}));
  EXPECT_FALSE(pending.waiting());
}

TEST(Pending, KeepsTheSlotOfACallThatWasGivenUpUntilTheServerAnswers) {
  Pending pending;
  Call *const given_up = Make(), *const next = Make();
  uint64_t first = 0, second = 0;
  EXPECT_TRUE(pending.Admit(given_up) && pending.Admit(next));
  Next(pending, &first);
  pending.Forget(first);
  EXPECT_EQ(Next(pending, &second), nullptr);  // the server may still be at work on the first
  EXPECT_EQ(pending.Answer(first), nullptr);
  EXPECT_EQ(Next(pending, &second), next);
}

TEST(Pending, KeepsTheSlotOfAnAnsweredCallUntilItIsDecided) {
  Pending pending;
  Call* const fetching = Make(At(1));
  uint64_t first = 0, second = 0;
  EXPECT_TRUE(pending.Admit(fetching) && pending.Admit(Make()));
  Next(pending, &first);
  EXPECT_EQ(pending.Answer(first), fetching);
  EXPECT_EQ(Next(pending, &second), nullptr);
  EXPECT_EQ(pending.TakeExpired(At(1)), std::vector{fetching});
  pending.Forget(first);
  EXPECT_NE(Next(pending, &second), nullptr);
}

TEST(Pending, OwesNothingOnAnotherConnection) {
  Pending pending;
  uint64_t first = 0, second = 0;
  EXPECT_TRUE(pending.Admit(Make()) && pending.Admit(Make()));
  Next(pending, &first);
  pending.Forget(first);
  pending.Requeue();
  EXPECT_NE(Next(pending, &second), nullptr);
  EXPECT_EQ(pending.Answer(first), nullptr);
}

TEST(Pending, LetsOneCallGoBeforeTheServerNamedItsLimit) {
  Pending pending;
  uint64_t number = 0;
  EXPECT_TRUE(pending.Admit(Make()) && pending.Admit(Make()));
  EXPECT_NE(Next(pending, &number), nullptr);
  EXPECT_EQ(Next(pending, &number), nullptr);
}

TEST(Pending, FindsNothingForASecondAnswer) {
  Pending pending;
  Call *const first = Make(), *const second = Make();
  uint64_t number = 0, later = 0;
  EXPECT_TRUE(pending.Admit(first));
  EXPECT_TRUE(pending.Admit(second));
  Next(pending, &number);
  EXPECT_EQ(pending.Answer(number), first);
  EXPECT_EQ(pending.Answer(number), nullptr);
  pending.Forget(number);
  Next(pending, &later);  // the same slot, another number
  EXPECT_EQ(static_cast<uint32_t>(later), static_cast<uint32_t>(number));
  EXPECT_EQ(pending.Answer(number), nullptr);
  EXPECT_EQ(pending.Answer(later), second);
}

TEST(Pending, SendsAgainInTheOldOrderBeforeWhatWaits) {
  Pending pending;
  pending.SetInFlightMax(3);
  const std::vector<Call*> calls = {Make(), Make(), Make(), Make(), Make()};
  for (Call* const call : calls) EXPECT_TRUE(pending.Admit(call));
  uint64_t first = 0, second = 0, number = 0;
  Next(pending, &first);
  Next(pending, &second);
  pending.Answer(first);
  pending.Forget(first);
  EXPECT_EQ(Next(pending, &number), calls[2]);  // it gets the slot of the first call, which comes before the second's
  EXPECT_EQ(Next(pending, &number), calls[3]);
  pending.Answer(second);  // answered but not decided, as while its value is being fetched
  pending.Requeue();
  EXPECT_EQ(pending.Answer(second), nullptr);
  for (const size_t index : {1, 2, 3}) EXPECT_EQ(Next(pending, &number), calls[index]);
  EXPECT_EQ(Next(pending, &number), nullptr);
}

TEST(Pending, DropsACallThatWasDecidedWhileItWaited) {
  Pending pending;
  Call *const dropped = Make(), *const next = Make();
  EXPECT_TRUE(pending.Admit(dropped) && pending.Admit(next));
  pending.Drop(*dropped);
  EXPECT_EQ(pending.Front(), next);
}

TEST(Pending, FindsNothingForANumberThatNobodyGave) {
  Pending pending;
  uint64_t number = 0;
  EXPECT_TRUE(pending.Admit(Make()));
  EXPECT_EQ(pending.Answer(0), nullptr);
  Next(pending, &number);
  EXPECT_NE(number, 0u);  // 0 is the request number of a JOIN
  for (const uint64_t other : {uint64_t{0}, number + 1, number ^ uint64_t{1} << 40, UINT64_MAX}) {
    EXPECT_EQ(pending.Answer(other), nullptr) << other;
  }
}

TEST(Pending, RefusesCallsBeyondRequestsWaitingMax) {
  Pending pending;
  Call* const same = Make();
  for (uint32_t i = 0; i < requests_waiting_max; ++i) ASSERT_TRUE(pending.Admit(same)) << i;
  EXPECT_FALSE(pending.Admit(same));
  uint64_t number = 0;
  Next(pending, &number);
  EXPECT_TRUE(pending.Admit(same));
}

TEST(Pending, NamesTheNextDeadlineOfAllItsCalls) {
  Pending pending;
  uint64_t number = 0;
  EXPECT_EQ(pending.NextDeadline(), net::TimePoint::max());
  EXPECT_TRUE(pending.Admit(Make(At(9))));
  Next(pending, &number);
  EXPECT_EQ(pending.NextDeadline(), At(9));
  EXPECT_TRUE(pending.Admit(Make(At(5))));
  EXPECT_EQ(pending.NextDeadline(), At(5));
}

TEST(Pending, TakesTheExpiredOnesAndOnlyThem) {
  Pending pending;
  pending.SetInFlightMax(2);
  Call *const flying_early = Make(At(1)), *const flying_late = Make(At(9));
  Call *const waiting_early = Make(At(2)), *const waiting_late = Make(At(8));
  uint64_t first = 0, second = 0;
  for (Call* const call : {flying_early, flying_late, waiting_early, waiting_late}) EXPECT_TRUE(pending.Admit(call));
  Next(pending, &first);
  Next(pending, &second);
  EXPECT_EQ(pending.TakeExpired(At(2)), (std::vector<Call*>{flying_early, waiting_early}));
  EXPECT_EQ(pending.Answer(first), flying_early);  // it stays in its slot until it is forgotten
  pending.Forget(first);
  uint64_t third = 0;
  EXPECT_EQ(Next(pending, &third), waiting_late);
  EXPECT_EQ(pending.TakeAll(), (std::vector<Call*>{waiting_late, flying_late}));  // in the order of their slots
}

using PendingDeathTest = testing::Test;
TEST(PendingDeathTest, NoticesACallThatIsForgottenTwice) {
  Pending pending;
  uint64_t number = 0;
  EXPECT_TRUE(pending.Admit(Make()));
  Next(pending, &number);
  pending.Forget(number);
  EXPECT_DEATH(pending.Forget(number), "check failed");
}

}  // namespace
}  // namespace remote_dram::client
