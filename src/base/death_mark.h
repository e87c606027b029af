// DeathMark: a word in shared memory that tells other processes whether this one still lives.
//
// The word is a robust futex (set_robust_list(2), and Documentation/locking/robust-futex-ABI.rst of Linux): a thread that
// does nothing else holds it, and when that thread ends, however it does, the kernel takes its number out of the word.
// It does so before it closes the process's descriptors, drops its locks, or tells anybody of its end (do_exit: exit_mm,
// then exit_files, then exit_notify). So who learnt of the end in any of these ways finds the word marked.
//
// Memory: the word is the caller's, in a shared mapping, and outlives this. What the kernel reads of ours lies in a
// shared, locked page: one that the out-of-memory killer could take away before would be overlooked.
// Threads: LivesIn any, in any process. In a forked child this is left alone (base/fork.h); the word tells of the parent.
// Failure: Make says RESOURCE_EXHAUSTED if there is no thread or page, and UNIMPLEMENTED where the kernel, or what plays
// its part, marks nothing: that is tried out first, until it has worked.
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
  ~DeathMark();  // from here on the word says what it would say after our death

  // Of any value of such a word, whoever wrote it.
  static constexpr bool LivesIn(uint32_t word) { return (word & 0x3fffffff) != 0; }  // FUTEX_TID_MASK

 private:
  struct KernelsList;

  explicit DeathMark(uint32_t* word) : word_(word) {}
  static Status TryOut();
  Status Hold();
  void Run();

  uint32_t* const word_;
  KernelsList* list_ = nullptr;
  bool gives_back_ = true;  // false: ends while it holds the word
  Latch held_, told_;
  std::thread thread_;
};

}  // namespace remote_dram::base

#endif  // REMOTE_DRAM_BASE_DEATH_MARK_H_
