// DeathMark: a word in shared memory that tells other processes whether this process is still alive.
//
// The word is a robust futex (set_robust_list(2), and Documentation/locking/robust-futex-ABI.rst of Linux): a dedicated
// thread holds it, and when that thread ends, for whatever reason, the kernel removes the thread's id from the word.
// It does so before it closes the process's descriptors, releases its file locks, or reports its end to anybody (do_exit:
// exit_mm, then exit_files, then exit_notify). So a process that learns of the end in any of these ways finds the word
// marked.
//
// Memory: the caller owns the word, which lies in a shared mapping and outlives this object. The robust list that the
// kernel reads lies in a shared, locked page: the kernel would skip a list in a page that the out-of-memory killer has
// already taken away.
// Threads: LivesIn: any, in any process. A forked child leaves this object alone (base/fork.h); the word still describes
// the parent.
// Failure: Make returns RESOURCE_EXHAUSTED if it gets no thread or no page, and UNIMPLEMENTED where the kernel, or
// whatever emulates it, does not mark robust futexes. Make tests that first, until a test has passed.
#ifndef REMOTE_DRAM_BASE_DEATH_MARK_H_
#define REMOTE_DRAM_BASE_DEATH_MARK_H_

#include <cstdint>
#include <memory>
#include <thread>

#include "remote_dram/latch.h"
#include "remote_dram/status.h"

namespace remote_dram::base {

class DeathMark {
 public:
  static Result<std::unique_ptr<DeathMark>> Make(uint32_t* word);
  DeathMark(const DeathMark&) = delete;
  DeathMark& operator=(const DeathMark&) = delete;
  ~DeathMark();  // afterwards LivesIn(word) is false, as it is after the death of this process

  // Accepts any value of the word, whoever wrote it.
  static constexpr bool LivesIn(uint32_t word) { return (word & 0x3fffffff) != 0; }  // FUTEX_TID_MASK

 private:
  struct KernelsList;

  explicit DeathMark(uint32_t* word) : word_(word) {}
  static Status TryOut();
  Status Hold();
  void Run();

  uint32_t* const word_;
  KernelsList* list_ = nullptr;
  bool gives_back_ = true;  // false: the thread ends while it holds the word
  Latch held_, told_;
  std::thread thread_;
};

}  // namespace remote_dram::base

#endif  // REMOTE_DRAM_BASE_DEATH_MARK_H_
