// Translation: from requests to options, and from results to responses.
#include "gateway/translate.h"

#include <gtest/gtest.h>

#include <limits>

namespace remote_dram::gateway {
namespace {

const Time kNow{std::chrono::seconds(1'700'000'000)};
const Generation kGeneration = Generation::Value(3, 4);

proto::ReadRequest ReadOf(int64_t min, int64_t max) {
  proto::ReadRequest request;
  request.mutable_byte_range()->set_inclusive_min(min);
  request.mutable_byte_range()->set_exclusive_max(max);
  return request;
}

TEST(PlanRead, ReadsAllUnconditionallyUnlessToldOtherwise) {
  const Result<ReadPlan> plan = PlanRead({}, kNow);
  ASSERT_TRUE(plan.ok());
  EXPECT_EQ(plan->key, "");
  EXPECT_TRUE(plan->options.range.full());
  EXPECT_FALSE(plan->options.if_generation.known());
  EXPECT_FALSE(plan->options.if_not_generation.known());
  EXPECT_EQ(plan->stamp.seconds(), 1'700'000'000);
}

TEST(PlanRead, AsksForAViewSoThatNothingIsCopied) {
  const Result<ReadPlan> plan = PlanRead({}, kNow);
  ASSERT_TRUE(plan.ok());
  EXPECT_TRUE(plan->options.view);
  EXPECT_EQ(plan->options.into.data, nullptr);
}

TEST(PlanRead, TakesKeyConditionsAndBound) {
  proto::ReadRequest request;
  request.set_key(std::string("a\0b", 3));
  request.set_generation_if_equal(kGeneration.ToBytes());
  request.set_generation_if_not_equal("\x02");
  request.mutable_staleness_bound()->set_seconds(5);
  const Result<ReadPlan> plan = PlanRead(request, kNow);
  ASSERT_TRUE(plan.ok());
  EXPECT_EQ(plan->key, std::string("a\0b", 3));
  EXPECT_EQ(plan->options.if_generation, kGeneration);
  EXPECT_EQ(plan->options.if_not_generation, Generation::Missing());
  EXPECT_EQ(plan->stamp.seconds(), 5);
}

TEST(PlanRead, MakesConditionsFromElsewhereForeign) {
  proto::ReadRequest request;
  request.set_generation_if_equal("\x10");
  request.set_generation_if_not_equal(std::string(9, '\0'));
  const Result<ReadPlan> plan = PlanRead(request, kNow);
  ASSERT_TRUE(plan.ok());
  EXPECT_EQ(plan->options.if_generation.kind(), Generation::Kind::kForeign);
  EXPECT_EQ(plan->options.if_not_generation.kind(), Generation::Kind::kForeign);
}

TEST(PlanRead, TellsARangeOfNoBytesFromNoRange) {
  const Result<ReadPlan> plan = PlanRead(ReadOf(0, 0), kNow);
  ASSERT_TRUE(plan.ok());
  EXPECT_EQ(plan->options.range.min, 0);
  EXPECT_EQ(plan->options.range.max, 0);
}

TEST(PlanRead, LeavesRangesThatDependOnTheValueToTheStore) {
  constexpr int64_t least = std::numeric_limits<int64_t>::min(),
                    most = std::numeric_limits<int64_t>::max();
  for (const auto& [min, max] :
       {std::pair(int64_t{-5}, int64_t{-1}), {least, -1}, {most, -1}, {3, most}, {7, 7}}) {
    const Result<ReadPlan> plan = PlanRead(ReadOf(min, max), kNow);
    ASSERT_TRUE(plan.ok()) << min << " " << max;
    EXPECT_EQ(plan->options.range.min, min);
    EXPECT_EQ(plan->options.range.max, max);
  }
}

TEST(PlanRead, RefusesImpossibleRangesAndTimes) {
  proto::ReadRequest late;
  late.mutable_staleness_bound()->set_seconds(253'402'300'800);
  for (const proto::ReadRequest& request :
       {ReadOf(-5, 3), ReadOf(4, 3), ReadOf(0, -2), ReadOf(-1, 0), late}) {
    const Result<ReadPlan> plan = PlanRead(request, kNow);
    ASSERT_FALSE(plan.ok());
    EXPECT_EQ(plan.status().code(), StatusCode::kInvalidArgument);
  }
}

GetResult ReadOf(ReadState state, const Generation& generation) {
  GetResult result;
  result.state = state;
  result.generation = generation;
  return result;
}

TEST(AnswerRead, NamesEachState) {
  const Stamp stamp = StampOf(kNow);
  const proto::ReadResponse value = AnswerRead(ReadOf(ReadState::kValue, kGeneration), stamp);
  EXPECT_EQ(value.state(), proto::ReadResponse::VALUE);
  EXPECT_EQ(value.generation_and_timestamp().generation(), kGeneration.ToBytes());
  EXPECT_EQ(value.generation_and_timestamp().timestamp().seconds(), 1'700'000'000);

  const proto::ReadResponse missing =
      AnswerRead(ReadOf(ReadState::kMissing, Generation::Missing()), stamp);
  EXPECT_EQ(missing.state(), proto::ReadResponse::MISSING);
  EXPECT_EQ(missing.generation_and_timestamp().generation(), "\x02");

  const proto::ReadResponse failed = AnswerRead(ReadOf(ReadState::kConditionFailed, kGeneration), stamp);
  EXPECT_EQ(failed.state(), proto::ReadResponse::UNSPECIFIED);
  EXPECT_EQ(failed.generation_and_timestamp().generation(), kGeneration.ToBytes());
}

TEST(AnswerWrite, HasAnEmptyGenerationIfTheConditionFailed) {
  const Stamp stamp = StampOf(kNow);
  const WriteResult applied{.generation = kGeneration};
  const WriteResult failed{.state = WriteState::kConditionFailed, .generation = kGeneration};
  EXPECT_EQ(AnswerWrite(applied, stamp).generation_and_timestamp().generation(), kGeneration.ToBytes());
  EXPECT_EQ(AnswerWrite(failed, stamp).generation_and_timestamp().generation(), "");
  EXPECT_TRUE(AnswerWrite(failed, stamp).has_generation_and_timestamp());
  EXPECT_EQ(AnswerDelete(failed, stamp).generation_and_timestamp().generation(), "");
}

TEST(PlanDelete, WantsExactlyOneOfKeyAndRange) {
  proto::DeleteRequest neither, key, range, both, conditional;
  key.set_key("k");
  range.mutable_range();
  both.set_key("k");
  both.mutable_range();
  conditional.mutable_range();
  conditional.set_generation_if_equal("\x02");
  for (const proto::DeleteRequest& request : {neither, both, conditional}) {
    const Result<DeletePlan> plan = PlanDelete(request);
    ASSERT_FALSE(plan.ok());
    EXPECT_EQ(plan.status().code(), StatusCode::kInvalidArgument);
  }
  EXPECT_FALSE(PlanDelete(key)->whole_range);
  EXPECT_TRUE(PlanDelete(range)->whole_range);
}

TEST(AnswerList, StripsAtMostTheWholeKey) {
  const ListPage page{.entries = {{"", 0}, {"ab", 1}, {"abc", uint64_t{1} << 40}}};
  const proto::ListResponse response = AnswerList(page, 2);
  ASSERT_EQ(response.entry_size(), 3);
  EXPECT_EQ(response.entry(0).key(), "");
  EXPECT_EQ(response.entry(1).key(), "");
  EXPECT_EQ(response.entry(2).key(), "c");
  EXPECT_EQ(response.entry(2).size(), int64_t{1} << 40);
  EXPECT_EQ(AnswerList(page, std::numeric_limits<uint64_t>::max()).entry(2).key(), "");
}

TEST(PlanList, TakesTheRangeAndChecksTheBound) {
  proto::ListRequest request;
  request.mutable_range()->set_inclusive_min("a");
  request.mutable_range()->set_exclusive_max("b");
  request.set_strip_prefix_length(9);
  const Result<ListPlan> plan = PlanList(request, kNow);
  ASSERT_TRUE(plan.ok());
  EXPECT_EQ(plan->range.begin, "a");
  EXPECT_EQ(plan->range.end, "b");
  EXPECT_EQ(plan->strip_bytes, 9u);
  request.mutable_staleness_bound()->set_nanos(-1);
  EXPECT_EQ(PlanList(request, kNow).status().code(), StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace remote_dram::gateway
