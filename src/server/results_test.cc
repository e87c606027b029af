// Results: a mutation is new, repeated, forgotten, or too far ahead.
#include "server/results.h"

#include <gtest/gtest.h>

#include "wire/message.h"

namespace remote_dram::server {
namespace {

using Verdict = Results::Verdict;

std::string MessageOf(const Remembered& result) { return {result.message.begin(), result.message.end()}; }

TEST(Results, AnswerARepeatedMutationAsTheFirstTime) {
  Results results;
  EXPECT_EQ(results.Judge(1, 1), Verdict::kNew);
  const std::string_view payload[] = {"pay", "load"};
  results.Remember(1, "message", payload);
  ASSERT_EQ(results.Judge(1, 1), Verdict::kRepeated);
  EXPECT_EQ(MessageOf(results.Find(1)), "message");
  EXPECT_EQ(results.Find(1).payload, "payload");
}

TEST(Results, TakeAMutationThatNeverCameForNew) {
  Results results;
  results.Judge(3, 1);
  results.Remember(3, "third", {});
  EXPECT_EQ(results.Judge(1, 1), Verdict::kNew);
  EXPECT_EQ(results.Judge(2, 1), Verdict::kNew);
  EXPECT_EQ(results.Judge(3, 1), Verdict::kRepeated);
}

TEST(Results, ForgetWhatTheClientNoLongerWantsToKnow) {
  Results results;
  for (const uint64_t number : {1, 2, 3}) {
    results.Judge(number, 1);
    results.Remember(number, std::to_string(number), {});
  }
  EXPECT_EQ(results.Judge(4, 3), Verdict::kNew);
  EXPECT_EQ(results.Judge(2, 2), Verdict::kForgotten);  // the floor does not fall
  ASSERT_EQ(results.Judge(3, 3), Verdict::kRepeated);
  EXPECT_EQ(MessageOf(results.Find(3)), "3");
}

TEST(Results, BeginWhereAClientThatIsNewHereIs) {
  Results results;
  EXPECT_EQ(results.Judge(1'000'000, 999'999), Verdict::kNew);
  results.Remember(1'000'000, "m", {});
  EXPECT_EQ(results.Judge(1'000'000, 999'999), Verdict::kRepeated);
  EXPECT_EQ(results.Judge(999'998, 999'998), Verdict::kForgotten);
}

TEST(Results, RefuseWhatIsFurtherThanTheWindow) {
  Results results;
  EXPECT_EQ(results.Judge(wire::mutations_window_max, 1), Verdict::kNew);
  EXPECT_EQ(results.Judge(wire::mutations_window_max + 1, 1), Verdict::kTooFar);
}

}  // namespace
}  // namespace remote_dram::server
