// Runs a function on a thread on which madvise(MADV_POPULATE_WRITE) fails; other threads are not affected. ENOMEM acts like
// a system without free memory, EINVAL like a kernel before Linux 5.14.
//
// Memory: none. Threads: a new one, with a seccomp(2) filter that ends with it; threads that it starts inherit the filter.
// Failure: false if the system does not let threads filter their system calls; the function has then not run.
#ifndef REMOTE_DRAM_BASE_MADVISE_TESTING_H_
#define REMOTE_DRAM_BASE_MADVISE_TESTING_H_

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <thread>

#include "base/sealed_memory.h"

namespace remote_dram::base {

// Installs the filter for the calling thread.
inline bool FailMadviseHere(int error) {
  constexpr uint16_t load = BPF_LD | BPF_W | BPF_ABS, is = BPF_JMP | BPF_JEQ | BPF_K, answer = BPF_RET | BPF_K;
  constexpr uint32_t advice = offsetof(seccomp_data, args) + 2 * sizeof(uint64_t);  // lower half of the third argument (little-endian)
  sock_filter steps[] = {{load, 0, 0, offsetof(seccomp_data, nr)},
                         {is, 0, 3, SYS_madvise},  // other system calls: jump to the last step
                         {load, 0, 0, advice},
                         {is, 0, 1, populate_write_advice},
                         {answer, 0, 0, SECCOMP_RET_ERRNO | (static_cast<uint32_t>(error) & SECCOMP_RET_DATA)},
                         {answer, 0, 0, SECCOMP_RET_ALLOW}};
  const sock_fprog program{std::size(steps), steps};
  return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) == 0;
}

template <typename Function>
[[nodiscard]] bool OnAThreadWhoseMadviseFails(int error, Function function) {
  bool fails = false;
  std::thread([error, &function, &fails] {
    fails = FailMadviseHere(error);
    if (fails) function();
  }).join();
  return fails;
}

}  // namespace remote_dram::base

#endif  // REMOTE_DRAM_BASE_MADVISE_TESTING_H_
