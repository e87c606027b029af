// Awaited: exactly one of answer and cancellation continues the rpc.
#include "gateway/awaited.h"

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <thread>

namespace remote_dram::gateway {
namespace {

struct Call {
  void OnAnswer(Result<int> result) { answer = *result; }
  std::optional<int> answer;
};

TEST(Awaited, GoesOnWithTheAnswer) {
  Call call;
  Awaited awaited;
  for (int i = 0; i < 3; ++i) {
    Done<int> done = awaited.Expect(&call, &Call::OnAnswer);
    ASSERT_TRUE(done);
    std::move(done)(i);
    EXPECT_EQ(call.answer, i);
  }
  EXPECT_FALSE(awaited.GiveUp()) << "nothing was awaited";
}

TEST(Awaited, DropsTheAnswerOfACallThatIsGone) {
  auto call = std::make_unique<Call>();
  auto awaited = std::make_unique<Awaited>();
  Done<int> done = awaited->Expect(call.get(), &Call::OnAnswer);
  EXPECT_TRUE(awaited->GiveUp());
  awaited.reset();
  call.reset();
  std::move(done)(1);
}

TEST(Awaited, IsGivenUpOnceAndForGood) {
  Call call;
  Awaited awaited;
  EXPECT_FALSE(awaited.GiveUp());
  EXPECT_FALSE(awaited.Expect(&call, &Call::OnAnswer));
  EXPECT_FALSE(awaited.GiveUp());
  EXPECT_FALSE(call.answer);
}

TEST(Awaited, LetsExactlyOneOfTwoThreadsGoOn) {
  for (int i = 0; i < 1000; ++i) {
    Call call;
    Awaited awaited;
    Done<int> done = awaited.Expect(&call, &Call::OnAnswer);
    std::thread store([&done] { std::move(done)(1); });
    const bool given_up = awaited.GiveUp();
    store.join();
    EXPECT_NE(given_up, call.answer.has_value());
  }
}

}  // namespace
}  // namespace remote_dram::gateway
