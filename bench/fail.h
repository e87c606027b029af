// Require: what must hold for the program to go on; what holds costs next to nothing, for it is measured, too.
//
// Memory: none kept. Threads: any. Failure: prints what, and ends the program at once with exit code 1; its
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
  std::_Exit(1);  // without destructors: other threads are still at work
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
