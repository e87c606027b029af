// CopyBytes: copies all bytes and not one more, at sizes around the one at which it switches methods.
#include "base/copy_bytes.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace remote_dram::base {
namespace {

void ExpectCopied(size_t bytes, size_t from_misfit, size_t to_misfit, Stores stores) {
  std::string from(bytes + from_misfit, 0);
  for (size_t i = 0; i < from.size(); ++i) from[i] = static_cast<char>(i * 31 + i / 256);
  std::string to(bytes + to_misfit + 1, '!');
  CopyBytes(to.data() + to_misfit, std::string_view(from).substr(from_misfit), stores);
  const std::string around(to_misfit, '!');
  EXPECT_TRUE(to == around + from.substr(from_misfit) + '!') << bytes << " from " << from_misfit << " to " << to_misfit;
}

TEST(CopyBytes, CopiesAllAndNothingBeyond) {
  for (const size_t bytes : {size_t{0}, size_t{1}, size_t{63}, size_t{64}, library_movsb_bytes_min - 1, library_movsb_bytes_min,
                             rep_movsb_bytes_min - 1, rep_movsb_bytes_min, rep_movsb_bytes_min + 1, size_t{5} << 20}) {
    for (const size_t from_misfit : {0, 1, 7}) {
      for (const Stores stores : {Stores::kCached, Stores::kStreaming}) ExpectCopied(bytes, from_misfit, 1, stores);
    }
  }
}

TEST(CopyBytes, CopiesWhereTheTargetFollowsTheSourceCloselyModuloAPage) {
  constexpr size_t kPage = 4096, kHalf = 32 * kPage;  // of the memory: the source, then the target
  std::string memory(2 * kHalf, 0);
  for (const size_t bytes : {library_movsb_bytes_min + 77, rep_movsb_bytes_min}) {
    for (size_t behind = 0; behind < 80; ++behind) {
      for (size_t i = 0; i < kHalf; ++i) memory[i] = static_cast<char>(i * 31 + i / 256);
      std::fill(memory.begin() + kHalf, memory.end(), '!');
      const std::string_view from = std::string_view(memory).substr(5, bytes);
      CopyBytes(memory.data() + kHalf + 5 + behind, from);
      const std::string expected = std::string(5 + behind, '!').append(from).append(kHalf - 5 - behind - bytes, '!');
      EXPECT_TRUE(std::string_view(memory).substr(kHalf) == expected) << bytes << " bytes, " << behind << " behind";
    }
  }
}

TEST(CopyBytes, OfNothingTouchesNothing) {
  CopyBytes(nullptr, {});
  CopyBytes(nullptr, {}, Stores::kStreaming);
}

TEST(CopyPieces, PutsOneBehindTheOther) {
  const std::string_view pieces[] = {"one", "", " and two"};
  std::string to(12, '!');
  CopyPieces(to.data() + 1, pieces);
  EXPECT_EQ(to, "!one and two");
}

}  // namespace
}  // namespace remote_dram::base
