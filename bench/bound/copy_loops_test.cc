// Copy loops: each copies all bytes and no others, whatever the alignment and the length.
#include "bench/bound/copy_loops.h"

#include <gtest/gtest.h>

namespace remote_dram::bench {
namespace {

TEST(CopyLoops, CopyEveryByteAndNoOther) {
  std::string from(100'000, 0);
  for (size_t i = 0; i < from.size(); ++i) from[i] = static_cast<char>(i * 31 >> 3);
  for (const CopyLoop& loop : CopyLoops()) {
    for (const size_t bytes : {0, 1, 64, 4096, 16384, 16385, 65536, 99'000}) {
      for (const size_t shift : {0, 1, 16, 63}) {
        std::string to(from.size() + 1, '#');
        loop.copy(to.data() + shift, from.data() + 3, bytes);
        EXPECT_EQ(to.substr(0, shift), std::string(shift, '#')) << loop.name << " " << bytes;
        EXPECT_EQ(to.substr(shift, bytes), from.substr(3, bytes)) << loop.name << " " << bytes;
        EXPECT_EQ(to.find_first_not_of('#', shift + bytes), std::string::npos) << loop.name << " " << bytes;
      }
    }
  }
}

}  // namespace
}  // namespace remote_dram::bench
