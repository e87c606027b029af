// ShortVector: holds the same elements whether they fit into the object or not.
#include "base/short_vector.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace remote_dram::base {
namespace {

template <size_t Inline>
std::string Text(const ShortVector<char, Inline>& bytes) {
  return {bytes.begin(), bytes.end()};
}

TEST(ShortVector, HoldsWhatWasAppendedOnBothSidesOfItsRoom) {
  for (size_t size = 0; size <= 20; ++size) {
    ShortVector<char, 8> bytes;
    std::string expected;
    EXPECT_TRUE(bytes.empty());
    for (size_t i = 0; i < size; ++i) {
      expected += static_cast<char>('a' + i);
      bytes.push_back(expected.back());
    }
    EXPECT_EQ(Text(bytes), expected);
    EXPECT_EQ(bytes.size(), size);
  }
}

TEST(ShortVector, TakesMuchAtOnceAndNothing) {
  const std::string much(100, 'x');
  ShortVector<char, 8> bytes{much};
  bytes.append(nullptr, 0);
  EXPECT_EQ(Text(bytes), much);
  bytes.push_back('y');
  EXPECT_EQ(Text(bytes), much + "y");
  *bytes.data() = 'a';
  EXPECT_EQ(Text(bytes).front(), 'a');
}

TEST(ShortVector, KeepsItsElementsWhenItIsCopied) {
  for (const std::string& text : {std::string("short"), std::string(100, 'x')}) {
    const ShortVector<char, 8> first{text}, second = first;
    EXPECT_EQ(Text(second), text);
  }
}

}  // namespace
}  // namespace remote_dram::base
