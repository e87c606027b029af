// Every kind of condition against every kind of generation.
#include "base/conditions.h"

#include <gtest/gtest.h>

namespace remote_dram::base {
namespace {

const Generation kUnknown = Generation::Unknown();
const Generation kMissing = Generation::Missing();
const Generation kForeign = Generation::Foreign();
const Generation kNow = Generation::Value(7, 42);
const Generation kBefore = Generation::Value(7, 41);
const Generation kOtherLife = Generation::Value(6, 42);

TEST(Conditions, OfAWriteHoldIfTheKeyIsAsExpected) {
  const struct {
    Generation if_generation;
    bool on_value, on_missing;
  } table[] = {
      {kUnknown, true, true},     {kMissing, false, true},    {kNow, true, false},
      {kBefore, false, false},    {kOtherLife, false, false}, {kForeign, false, false},
  };
  for (const auto& row : table) {
    SCOPED_TRACE(row.if_generation.ToHex());
    EXPECT_EQ(WriteMayProceed(row.if_generation, kNow), row.on_value);
    EXPECT_EQ(WriteMayProceed(row.if_generation, kMissing), row.on_missing);
  }
}

TEST(Conditions, OfAReadHoldIfTheValueIsTheOneAndNotTheOther) {
  const struct {
    Generation if_generation, if_not_generation;
    bool proceeds;
  } table[] = {
      {kUnknown, kUnknown, true},  {kUnknown, kMissing, true},    {kUnknown, kNow, false},
      {kUnknown, kBefore, true},   {kUnknown, kOtherLife, true},  {kUnknown, kForeign, true},
      {kNow, kUnknown, true},      {kNow, kMissing, true},        {kNow, kNow, false},
      {kNow, kBefore, true},       {kNow, kForeign, true},        {kMissing, kUnknown, false},
      {kBefore, kUnknown, false},  {kOtherLife, kMissing, false}, {kForeign, kUnknown, false},
      {kForeign, kForeign, false},
  };
  for (const auto& row : table) {
    SCOPED_TRACE(row.if_generation.ToHex() + " not " + row.if_not_generation.ToHex());
    EXPECT_EQ(ReadMayProceed(row.if_generation, row.if_not_generation, kNow), row.proceeds);
  }
}

}  // namespace
}  // namespace remote_dram::base
