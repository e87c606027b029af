// Values: IdOf recognizes whole values and parts of them, and rejects other bytes.
#include "history/value.h"

#include <gtest/gtest.h>

#include <iterator>
#include <string>

namespace remote_dram::history {
namespace {

std::string Make(uint64_t id) {
  std::string bytes(ValueBytes(id), '\0');
  FillValue(id, bytes.data());
  return bytes;
}

TEST(Value, IsKnownByItsBytes) {
  for (size_t size = 0; size < std::size(value_sizes); ++size) {
    const uint64_t id = MakeId(3, 7, size);
    const std::string bytes = Make(id);
    ASSERT_EQ(bytes.size(), value_sizes[size]);
    EXPECT_EQ(IdOf(bytes, 0, bytes.size()), id);
  }
}

TEST(Value, IsKnownByAnyRangeThatHoldsACell) {
  const uint64_t id = MakeId(1, 1, 2);
  const std::string bytes = Make(id);
  for (uint64_t offset = 0; offset + range_bytes_min <= bytes.size(); ++offset) {
    EXPECT_EQ(IdOf(std::string_view(bytes).substr(offset, range_bytes_min), offset, bytes.size()), id);
  }
  EXPECT_EQ(IdOf(std::string_view(bytes).substr(1, 20), 1, bytes.size()), std::nullopt);
}

TEST(Value, HasNoByteThatCouldBeAnother) {
  const std::string bytes = Make(MakeId(1, 1, 1));
  for (size_t at = 0; at < bytes.size(); ++at) {
    std::string torn = bytes;
    torn[at] = static_cast<char>(torn[at] ^ 1);
    EXPECT_EQ(IdOf(torn, 0, torn.size()), std::nullopt) << at;
  }
}

TEST(Value, TornFromTwoIsNone) {
  const std::string one = Make(MakeId(1, 1, 2)), other = Make(MakeId(1, 2, 2));
  for (size_t cut = 1; cut < one.size(); ++cut) {
    const std::string torn = one.substr(0, cut) + other.substr(cut);
    if (torn == other) continue;  // the ids begin with the same bytes
    EXPECT_EQ(IdOf(torn, 0, torn.size()), std::nullopt) << cut;
  }
}

TEST(Value, IsNotKnownInAnotherPlaceOrOfAnotherSize) {
  const std::string bytes = Make(MakeId(1, 1, 2));
  EXPECT_EQ(IdOf(std::string_view(bytes).substr(16, 64), 32, bytes.size()), std::nullopt);
  EXPECT_EQ(IdOf(std::string_view(bytes).substr(0, 64), 0, 64), std::nullopt);
}

}  // namespace
}  // namespace remote_dram::history
