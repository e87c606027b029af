// CopyBytes: copies all bytes and not one more, at sizes around the one at which it switches methods.
#include "base/copy_bytes.h"

#include <gtest/gtest.h>

#include <string>

namespace remote_dram::base {
namespace {

std::string Pattern(size_t bytes) {
  std::string pattern(bytes, 0);
  for (size_t i = 0; i < bytes; ++i) pattern[i] = static_cast<char>(i * 31 + i / 256);
  return pattern;
}

void ExpectCopied(size_t bytes, size_t misfit, Stores stores) {
  const std::string from = Pattern(bytes + misfit);
  std::string to(bytes + 2, '!');
  CopyBytes(to.data() + 1, std::string_view(from).substr(misfit), stores);
  EXPECT_TRUE(to == '!' + from.substr(misfit) + '!') << bytes << " from " << misfit;
}

TEST(CopyBytes, CopiesAllAndNothingBeyond) {
  for (const size_t bytes : {size_t{0}, size_t{1}, size_t{63}, size_t{64}, library_movsb_bytes_min - 1, library_movsb_bytes_min,
                             rep_movsb_bytes_min - 1, rep_movsb_bytes_min, rep_movsb_bytes_min + 1, size_t{5} << 20}) {
    for (const size_t misfit : {0, 1, 7}) {
      for (const Stores stores : {Stores::kCached, Stores::kStreaming}) ExpectCopied(bytes, misfit, stores);
    }
  }
}

TEST(CopyBytes, CopiesWhereTheTargetFollowsTheSourceCloselyModuloAPage) {
  constexpr size_t kPage = 4096, kHalf = 32 * kPage;  // of the memory: the source, then the target
  for (const size_t bytes : {library_movsb_bytes_min + 77, rep_movsb_bytes_min}) {
    for (size_t behind = 0; behind < 80; ++behind) {
      std::string memory = Pattern(kHalf).append(kHalf, '!');
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
