// A forked child for tests: it runs a function and ends by _exit, as a child of Python's multiprocessing does.
//
// Threads: any; the child has only the thread that forked. Failure: reported by the function's return value; -1 if a
// signal ended the child. Limits: child_seconds_max, after which SIGALRM ends a child that hangs.
#ifndef REMOTE_DRAM_BASE_FORK_TESTING_H_
#define REMOTE_DRAM_BASE_FORK_TESTING_H_

#include <sys/wait.h>
#include <unistd.h>

#include <functional>

#ifdef __has_feature  // clang only, and only clang builds with this sanitizer
#define RD_ADDRESS_SANITIZER __has_feature(address_sanitizer)
#else
#define RD_ADDRESS_SANITIZER 0
#endif

namespace remote_dram::base {

inline constexpr char kNoAddressSanitizer[] = "AddressSanitizer does not free its allocator's locks in a forked child";

inline constexpr unsigned child_seconds_max = 20;

// Runs `function` in a forked child, and returns its result.
inline int InChild(const std::function<int()>& function) {
  const pid_t child = fork();
  if (child == 0) {
    alarm(child_seconds_max);
    _exit(function());
  }
  int status = -1;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

inline bool HoldsInChild(const std::function<bool()>& function) {
  return InChild([&function] { return function() ? 0 : 1; }) == 0;
}

}  // namespace remote_dram::base

#endif  // REMOTE_DRAM_BASE_FORK_TESTING_H_
