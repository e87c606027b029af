// Require: what must hold for the program to go on.
//
// Memory: none kept. Threads: any. Failure: prints what, and ends the program at once with exit code 1; its
// children end with it (see child.h).
#ifndef REMOTE_DRAM_BENCH_FAIL_H_
#define REMOTE_DRAM_BENCH_FAIL_H_

#include <cstdio>
#include <cstdlib>
#include <string>
#include <utility>

#include "remote_dram/status.h"

namespace remote_dram::bench {

[[noreturn]] inline void Fail(const std::string& what) {
  std::fflush(stdout);
  std::fprintf(stderr, "remote_dram_bench: %s\n", what.c_str());
  std::_Exit(1);  // without destructors: other threads are still at work
}

inline void Require(bool holds, const std::string& what) {
  if (!holds) Fail(what);
}

inline void Require(const Status& status, const std::string& what) {
  if (!status.ok()) Fail(what + ": " + status.ToString());
}

template <typename T>
T Require(Result<T> result, const std::string& what) {
  Require(result.status(), what);
  return *std::move(result);
}

}  // namespace remote_dram::bench

#endif  // REMOTE_DRAM_BENCH_FAIL_H_
