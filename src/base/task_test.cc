// Callback: runs its function, whether that lies inline or on the heap, and destroys it exactly once.
#include "base/task.h"

#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <string>
#include <utility>

namespace remote_dram::base {
namespace {

// A callback that captures `Bytes` bytes, and a shared pointer whose count shows when the capture is destroyed.
template <size_t Bytes>
Callback<int> Adding(int* sum, std::shared_ptr<int> held) {
  return [sum, held = std::move(held), ballast = std::array<char, Bytes>{}](int number) {
    *sum += number + static_cast<int>(ballast.size());
  };
}

template <size_t Bytes>
void RunsMovesAndDestroys() {
  const auto held = std::make_shared<int>();
  int sum = 0;
  {
    Callback<int> first = Adding<Bytes>(&sum, held);
    EXPECT_TRUE(first);
    first(1);
    Callback<int> second = std::move(first);
    EXPECT_FALSE(first);
    second(2);
    EXPECT_EQ(held.use_count(), 2);
    second = Adding<Bytes>(&sum, nullptr);
    EXPECT_EQ(held.use_count(), 1);  // the assignment destroyed the old capture
    second(3);
    second = {};
    EXPECT_FALSE(second);
    second = Adding<Bytes>(&sum, held);
  }
  EXPECT_EQ(held.use_count(), 1);
  EXPECT_EQ(sum, 6 + 3 * static_cast<int>(Bytes));
}

TEST(Callback, RunsMovesAndDestroysWhatFitsIntoIt) { RunsMovesAndDestroys<1>(); }
TEST(Callback, RunsMovesAndDestroysWhatDoesNot) { RunsMovesAndDestroys<Callback<int>::inline_bytes>(); }

TEST(Callback, TakesArgumentsThatCanOnlyBeMoved) {
  std::string got;
  Callback<std::unique_ptr<std::string>> take = [&got](std::unique_ptr<std::string> text) { got = *text; };
  take(std::make_unique<std::string>("text"));
  EXPECT_EQ(got, "text");
}

TEST(Callback, KeepsItsStateBetweenRuns) {
  int last = 0;
  Task count = [&last, number = 0]() mutable { last = ++number; };
  count();
  count();
  EXPECT_EQ(last, 2);
}

}  // namespace
}  // namespace remote_dram::base
