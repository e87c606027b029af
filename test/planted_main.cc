// The main function of the test programs in a build with planted faults: like gtest's own, plus the flag
// --planted_fault=NAME.
#include <gtest/gtest.h>

#include <cstdio>
#include <string_view>

#include "base/planted_fault.h"

int main(int argc, char** argv) {
  constexpr std::string_view flag = "--planted_fault=";
  testing::InitGoogleTest(&argc, argv);
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument = argv[i];
    if (argument.substr(0, flag.size()) != flag) continue;
    const std::string_view what = remote_dram::base::Plant(argument.substr(flag.size()));
    if (what.empty()) {
      std::fprintf(stderr, "there is no fault for %s\n", argv[i]);
      return 2;
    }
    std::printf("planted: %.*s\n", static_cast<int>(what.size()), what.data());
  }
  return RUN_ALL_TESTS();
}
