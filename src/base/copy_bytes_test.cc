// CopyBytes: copies all bytes and not one more, at sizes around the one at which it switches methods.
#include "base/copy_bytes.h"

#include <gtest/gtest.h>

#include <string>

namespace remote_dram::base {
namespace {

TEST(CopyBytes, CopiesAllAndNothingBeyond) {
  for (const size_t bytes : {size_t{0}, size_t{1}, size_t{63}, rep_movsb_bytes_min - 1, rep_movsb_bytes_min,
                             rep_movsb_bytes_min + 1, size_t{5} << 20}) {
    for (const size_t misfit : {0, 1, 7}) {
      std::string from(bytes + misfit, 0);
      for (size_t i = 0; i < from.size(); ++i) from[i] = static_cast<char>(i * 31 + i / 256);
      std::string to(bytes + 2, '!');
      CopyBytes(to.data() + 1, std::string_view(from).substr(misfit));
      EXPECT_TRUE(std::string_view(to).substr(1, bytes) == std::string_view(from).substr(misfit)) << bytes;
      EXPECT_TRUE(to.front() == '!' && to.back() == '!') << bytes;
    }
  }
}

TEST(CopyBytes, OfNothingTouchesNothing) { CopyBytes(nullptr, {}); }

TEST(CopyPieces, PutsOneBehindTheOther) {
  const std::string_view pieces[] = {"one", "", " and two"};
  std::string to(12, '!');
  CopyPieces(to.data() + 1, pieces);
  EXPECT_EQ(to, "!one and two");
}

}  // namespace
}  // namespace remote_dram::base
