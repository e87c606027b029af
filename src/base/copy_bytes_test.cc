// CopyBytes: copies all bytes and not one more, at sizes around the one at which it switches methods.
#include "base/copy_bytes.h"

#include <gtest/gtest.h>

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
  for (size_t to_misfit = 0; to_misfit < 140; ++to_misfit) {
    for (const Stores stores : {Stores::kCached, Stores::kStreaming}) {
      ExpectCopied(library_movsb_bytes_min + 77, 5, to_misfit, stores);
      ExpectCopied(rep_movsb_bytes_min, 0, to_misfit, stores);
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
