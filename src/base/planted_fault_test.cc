// Planted faults: looked up by name in a test build, and absent from every other build.
#include "base/planted_fault.h"

#include <gtest/gtest.h>

namespace remote_dram::base {
namespace {

#ifdef REMOTE_DRAM_PLANTED_FAULTS
TEST(PlantedFault, IsKnownByItsNameOnly) {
  EXPECT_EQ(Plant("kNobodyPlantsThis"), "");
  EXPECT_EQ(Plant(""), "");
}
#else
static_assert(!Planted(PlantedFault::kRangeUnchecked), "code behind this is gone at compile time");
#endif

}  // namespace
}  // namespace remote_dram::base
