// Two nodes: what the server and the client of the example share: the expected array, reading flags, reporting failures.
//
// Memory and threads: plain values; one thread.
// Failure: ReadFlags ends the program with exit code 2 and a line with the known flags; Fail, Check and ExpectEqual end it
// with 1.
#ifndef REMOTE_DRAM_EXAMPLES_TWO_NODES_H_
#define REMOTE_DRAM_EXAMPLES_TWO_NODES_H_

#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "tensorstore/array.h"
#include "tensorstore/util/result.h"

namespace two_nodes {

inline constexpr tensorstore::Index kShape[] = {8, 6, 4};
inline constexpr char kShapeText[] = "(8, 6, 4)";
inline constexpr int kElements = 8 * 6 * 4;

inline tensorstore::SharedArray<float, 3> Expected() {
  auto array = tensorstore::AllocateArray<float>(kShape);
  for (int i = 0; i < 8; ++i) {
    for (int j = 0; j < 6; ++j) {
      for (int k = 0; k < 4; ++k) array(i, j, k) = static_cast<float>(i * 100 + j * 10 + k);
    }
  }
  return array;
}

[[noreturn]] inline void Fail(const std::string& why) {
  std::fprintf(stderr, "FAILED: %s\n", why.c_str());
  std::exit(1);
}

inline void Check(const absl::Status& status) {
  if (!status.ok()) Fail(status.ToString());
}

template <typename T>
T Check(tensorstore::Result<T> result) {
  Check(result.status());
  return *std::move(result);
}

inline void ExpectEqual(const tensorstore::SharedArray<const float, 3>& found) {
  const auto expected = Expected();
  for (int i = 0; i < 8; ++i) {
    for (int j = 0; j < 6; ++j) {
      for (int k = 0; k < 4; ++k) {
        if (found(i, j, k) == expected(i, j, k)) continue;
        char why[96];
        std::snprintf(why, sizeof why, "element (%d, %d, %d) is %.1f, not %.1f", i, j, k, found(i, j, k),
                      expected(i, j, k));
        Fail(why);
      }
    }
  }
}

// Reads "--name=value" and "--name", which means "true", into `flags`, which has the known names and their defaults.
inline void ReadFlags(int argc, char** argv, std::map<std::string, std::string>& flags) {
  for (int i = 1; i < argc; ++i) {
    const std::string flag = argv[i];
    const size_t equals = flag.find('=');
    const auto known = flag.rfind("--", 0) == 0 ? flags.find(flag.substr(2, equals - 2)) : flags.end();
    if (known == flags.end()) {
      std::fprintf(stderr, "%s: unknown: %s; it takes", argv[0], flag.c_str());
      for (const auto& [name, value] : flags) std::fprintf(stderr, " --%s=%s", name.c_str(), value.c_str());
      std::fprintf(stderr, "\n");
      std::exit(2);
    }
    known->second = equals == flag.npos ? "true" : flag.substr(equals + 1);
  }
}

}  // namespace two_nodes

#endif  // REMOTE_DRAM_EXAMPLES_TWO_NODES_H_
