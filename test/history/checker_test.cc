// The checker finds every fault of the model, and no violation in its correct histories; then tests of single rules, on
// histories of a few lines.
#include "history/checker.h"

#include <gtest/gtest.h>

#include "history/model.h"
#include "history/value.h"

namespace remote_dram::history {
namespace {

constexpr int kOperations = 3000;
constexpr uint64_t kSeeds = 40;

TEST(Checker, FindsNothingInCorrectHistories) {
  uint64_t adopted = 0, incarnations = 0;
  for (uint64_t seed = 0; seed < kSeeds; ++seed) {
    const History history = Model(seed, Fault::kNone).Run(kOperations);
    const Verdict verdict = Check(history);
    ASSERT_EQ(verdict.violations_found, 0u) << "seed " << seed << ": " << ToText(verdict.violations.front());
    ASSERT_EQ(verdict.operations, uint64_t{kOperations});
    adopted += verdict.adopted;
    incarnations += verdict.incarnations;
  }
  EXPECT_GT(adopted, 10 * kSeeds);
  EXPECT_GT(incarnations, 2 * kSeeds);
}

struct Planted {
  Fault fault;
  const char* found;  // the text of one of the violations
};

class CheckerWith : public testing::TestWithParam<Planted> {};

TEST_P(CheckerWith, AFaultFindsIt) {
  const auto& [fault, found] = GetParam();
  for (uint64_t seed = 0; seed < kSeeds; ++seed) {
    const History history = Model(seed, fault).Run(kOperations);
    const Verdict verdict = Check(history);
    for (const Violation& each : verdict.violations) {
      if (each.what.find(found) != std::string::npos) return;
    }
  }
  FAIL() << "not found: " << found;
}

INSTANTIATE_TEST_SUITE_P(
    Planted, CheckerWith,
    testing::Values(Planted{Fault::kLostUpdate, "an old version was seen after a newer one"},
                    Planted{Fault::kStaleRead, "an old version was seen after a newer one"},
                    Planted{Fault::kStaleAll, "stale: what had been answered before it began"},
                    Planted{Fault::kHalfTransaction, "an old version was seen after a newer one"},
                    Planted{Fault::kTornSnapshot, "an old version was seen after a newer one"},
                    Planted{Fault::kNumberTwice, "one number was given to two mutations"},
                    Planted{Fault::kForeignValue, "a value was read that nobody wrote"},
                    Planted{Fault::kMissing, "missing, though it was written and not deleted"},
                    Planted{Fault::kConditionIgnored, "a write went ahead although its condition did not hold"},
                    Planted{Fault::kRefusedWrongly, "a write was refused although every condition held"},
                    Planted{Fault::kAppliedTwice, "a value was read under a number that is not its write's"},
                    Planted{Fault::kAppliedTwice, "one write was applied twice"},
                    Planted{Fault::kRefusedButApplied, "a value was read whose write was refused"},
                    Planted{Fault::kListSkips, "a listing left out a key that was there all the time"},
                    Planted{Fault::kListInvents, "a listing has a key that was not there at any time"},
                    Planted{Fault::kRangeKeepsOne, "a version was seen after a range that held it was deleted"},
                    Planted{Fault::kCopyOfOld, "a value was read under a key where nobody wrote or copied it"},
                    Planted{Fault::kOldIncarnation, "an old incarnation answered a call"}));

// A history of a few lines: each call is (begin, end) in time, and has one item.
class Lines {
 public:
  const Operation& Add(Kind kind, End end, uint64_t began, uint64_t ended, uint64_t sequence, const Item& item) {
    Operation operation;
    operation.kind = kind;
    operation.end = end;
    operation.began_ns = began;
    operation.ended_ns = ended;
    operation.incarnation = 1;
    operation.sequence = end == End::kUnknown || end == End::kNever ? 0 : sequence;
    return history_.Add(operation, {&item, 1});
  }
  void Put(uint64_t began, uint64_t ended, uint64_t number, uint64_t value) {
    Add(Kind::kWrite, End::kDone, began, ended, number, {.value = value, .what = What::kValue});
  }
  void Get(uint64_t began, uint64_t ended, uint64_t sequence, uint64_t value, uint64_t number) {
    Add(Kind::kRead, End::kDone, began, ended, sequence, {.value = value, .sequence = number, .what = What::kValue});
  }
  History& history() { return history_; }

  // The violation found; empty if there is none. More than one violation fails the test.
  std::string Wrong() const {
    const Verdict verdict = Check(history_);
    EXPECT_LE(verdict.violations_found, 1u);
    return verdict.violations.empty() ? "" : verdict.violations.front().what;
  }

 private:
  History history_;
};

const uint64_t kOne = MakeId(0, 1, 0), kTwo = MakeId(0, 2, 0);

TEST(Checker, LetsOverlappingCallsHappenInAnyOrder) {
  Lines lines;
  lines.Put(10, 50, 2, kOne);
  lines.Put(20, 40, 1, kTwo);
  lines.Get(30, 45, 1, kTwo, 1);
  EXPECT_EQ(lines.Wrong(), "");
}

TEST(Checker, FindsAWriteThatStandsBeforeAnEarlierOne) {
  Lines lines;
  lines.Put(10, 20, 2, kOne);
  lines.Put(30, 40, 1, kTwo);
  EXPECT_EQ(lines.Wrong(), "stale: what had been answered before it began stands later in the sequence");
}

TEST(Checker, AdoptsAWriteOfUnknownOutcomeOnlyAfterItBegan) {
  Lines lines;
  lines.Put(10, 20, 5, kOne);
  lines.Add(Kind::kWrite, End::kUnknown, 30, 40, 0, {.value = kTwo, .what = What::kValue});
  lines.Get(50, 60, 6, kTwo, 6);
  EXPECT_EQ(lines.Wrong(), "");
  Lines early;
  early.Put(10, 20, 5, kOne);
  early.Add(Kind::kWrite, End::kUnknown, 30, 40, 0, {.value = kTwo, .what = What::kValue});
  early.Get(50, 60, 5, kTwo, 4);
  EXPECT_EQ(Check(early.history()).violations.front().what, "a write took place before it began");
}

TEST(Checker, LetsAnUnknownDeleteExplainAMissingKeyButNotOneBeforeIt) {
  Lines lines;
  lines.Put(10, 20, 1, kOne);
  lines.Add(Kind::kWrite, End::kUnknown, 30, 40, 0, {.what = What::kNothing});
  lines.Add(Kind::kRead, End::kDone, 50, 60, 2, {});
  EXPECT_EQ(lines.Wrong(), "");
  Lines before;
  before.Add(Kind::kWrite, End::kUnknown, 5, 6, 0, {.key = 1, .what = What::kNothing});
  before.Put(10, 20, 1, kOne);
  before.Add(Kind::kRead, End::kDone, 25, 28, 1, {});
  before.Add(Kind::kWrite, End::kUnknown, 30, 40, 0, {.what = What::kNothing});
  EXPECT_EQ(before.Wrong(), "missing, though it was written and not deleted");
}

TEST(Checker, FindsAReadWhoseConditionWasIgnored) {
  Lines lines;
  lines.Put(10, 20, 1, kOne);
  Item item{.value = kOne, .sequence = 1, .expected = 1, .what = What::kValue, .condition = Condition::kIsNot};
  lines.Add(Kind::kRead, End::kDone, 30, 40, 1, item);
  EXPECT_EQ(lines.Wrong(), "a read went ahead although its condition did not hold");
}

TEST(Checker, FindsAReadThatWasRefusedWrongly) {
  Lines lines;
  lines.Put(10, 20, 1, kOne);
  Item item{.value = 16, .sequence = 1, .expected = 1, .what = What::kVersion, .condition = Condition::kIs};
  lines.Add(Kind::kRead, End::kDone, 30, 40, 1, item);
  EXPECT_EQ(lines.Wrong(), "a read was refused although its condition held");
}

TEST(Checker, FindsAVersionThatNobodyMadeAndOneOfAnotherSize) {
  Lines nobody;
  nobody.Put(10, 20, 1, kOne);
  nobody.Add(Kind::kRead, End::kDone, 30, 40, 2, {.value = 16, .sequence = 2, .what = What::kVersion});
  EXPECT_EQ(nobody.Wrong(), "a version was seen that nobody made");
  Lines size;
  size.Put(10, 20, 1, kOne);
  size.Add(Kind::kRead, End::kDone, 30, 40, 1, {.value = 64, .sequence = 1, .what = What::kVersion});
  EXPECT_EQ(size.Wrong(), "a version was seen with another size");
}

TEST(Checker, FindsAValueOfAnotherIncarnationAndOneUnderTwoNumbers) {
  Lines other;
  other.Put(10, 20, 1, kOne);
  Operation restarted{.began_ns = 30, .ended_ns = 40, .incarnation = 2, .sequence = 1, .end = End::kDone};
  other.history().Add(restarted, std::vector<Item>{{.value = kOne, .sequence = 1, .what = What::kValue}});
  EXPECT_EQ(Check(other.history()).violations.front().what, "a value was read that was written in another incarnation");
  Lines two;
  two.Put(10, 20, 1, kOne);
  two.Put(10, 20, 2, kTwo);
  two.Get(30, 40, 2, kOne, 2);
  EXPECT_EQ(two.Wrong(), "one number was seen with two values");
}

TEST(Checker, FindsACallThatEndedLongAfterItsDeadline) {
  Lines lines;
  constexpr uint64_t late_ns = std::chrono::nanoseconds(late_max).count();
  lines.Put(10, 10 + late_ns, 1, kOne);
  EXPECT_EQ(lines.Wrong(), "");
  lines.Put(10, 11'000'000 + late_ns, 2, kTwo);
  EXPECT_EQ(lines.Wrong(), "a call ended long after its deadline");
}

TEST(Checker, TellsAViolationWithEverythingThatIsKnownOfIt) {
  Lines lines;
  lines.Get(30, 40, 7, foreign_id, 6);
  const Verdict verdict = Check(lines.history());
  EXPECT_EQ(ToText(verdict.violations.front()),
            "a value was read that nobody wrote\n  read, done, incarnation 1, sequence 7, from 30 to 40 ns\n"
            "    key 0: value ffffffffffffffff number 6");
}

}  // namespace
}  // namespace remote_dram::history
