// An older kernel for tests: one whose madvise knows no MADV_POPULATE_WRITE (before Linux 5.14).
//
// Memory: none. Threads: the function runs on one of its own, which alone sees that kernel (seccomp(2)).
// Failure: false: this kernel does not let a thread filter its system calls, and the function has not run.
#ifndef REMOTE_DRAM_BASE_OLD_KERNEL_TESTING_H_
#define REMOTE_DRAM_BASE_OLD_KERNEL_TESTING_H_

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <thread>

namespace remote_dram::base {

inline bool ForgetPopulateWrite() {
  constexpr uint32_t number_at = offsetof(seccomp_data, nr), advice_at = offsetof(seccomp_data, args[2]);
  constexpr uint32_t kPopulateWrite = 23;
  sock_filter steps[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, number_at),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_madvise, 0, 3),
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, advice_at),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, kPopulateWrite, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EINVAL),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  const sock_fprog filter{.len = sizeof steps / sizeof *steps, .filter = steps};
  return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) == 0;
}

inline bool OnAnOldKernel(const std::function<void()>& function) {
  bool old = false;
  std::thread([&function, &old] {
    old = ForgetPopulateWrite();
    if (old) function();
  }).join();
  return old;
}

}  // namespace remote_dram::base

#endif  // REMOTE_DRAM_BASE_OLD_KERNEL_TESTING_H_
