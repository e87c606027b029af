// ReadPlan: which reads share a message, and that no message exceeds a limit.
#include "driver/core/read_plan.h"

#include <gtest/gtest.h>

#include <set>

namespace remote_dram::driver {
namespace {

using Messages = std::vector<std::vector<size_t>>;

TEST(ReadPlan, PutsSmallReadsIntoOneMessage) {
  EXPECT_EQ(PlanReads({{1, 0}, {1, 100}, {1, packed_read_bytes_max}}), (Messages{{0, 1, 2}}));
  EXPECT_EQ(PlanReads({}), Messages{});
}

TEST(ReadPlan, LeavesLargeReadsAlone) {
  EXPECT_EQ(PlanReads({{1, 10}, {1, packed_read_bytes_max + 1}, {1, 10}}), (Messages{{1}, {0, 2}}));
}

TEST(ReadPlan, BeginsAnotherMessageAtEveryLimit) {
  const auto expect_split = [](size_t count, const PlannedRead& read, size_t messages_min) {
    const Messages messages = PlanReads(std::vector<PlannedRead>(count, read));
    EXPECT_GE(messages.size(), messages_min);
    std::set<size_t> seen;
    for (const std::vector<size_t>& message : messages) {
      EXPECT_LE(message.size(), batch_operations_max);
      EXPECT_LT(message.size() * read.key_bytes, batch_bytes_max);
      EXPECT_LT(message.size() * read.value_bytes, batch_reply_bytes_max);
      seen.insert(message.begin(), message.end());
    }
    EXPECT_EQ(seen.size(), count) << "each read is in one message";
  };
  expect_split(batch_operations_max + 1, {1, 1}, 2);
  expect_split(batch_operations_max, {key_bytes_max, 1}, 2);
  expect_split(batch_reply_bytes_max / packed_read_bytes_max, {1, packed_read_bytes_max}, 2);
}

}  // namespace
}  // namespace remote_dram::driver
