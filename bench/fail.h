// Require: ends the program unless a condition holds. A condition that holds costs next to nothing, because the checks
// run inside the measured loops.
//
// Memory: none kept. Threads: any. Failure: prints `what` and ends the program at once with exit code 1; its
// children end with it (see child.h).
#ifndef REMOTE_DRAM_BENCH_FAIL_H_
#define REMOTE_DRAM_BENCH_FAIL_H_

#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>

#include "remote_dram/status.h"

namespace remote_dram::bench {

[[noreturn]] inline void Fail(std::string_view what) {
  std::fflush(stdout);
  std::fprintf(stderr, "remote_dram_bench: %.*s\n", static_cast<int>(what.size()), what.data());
  std::_Exit(1);  // without destructors, because other threads are still running
}

inline void Require(bool holds, std::string_view what) {
  if (!holds) Fail(what);
}

inline void Require(const Status& status, std::string_view what) {
  if (!status.ok()) Fail(std::string(what) + ": " + status.ToString());
}

template <typename T>
T Require(Result<T> result, std::string_view what) {
  Require(result.status(), what);
  return *std::move(result);
}

}  // namespace remote_dram::bench

#endif  // REMOTE_DRAM_BENCH_FAIL_H_
