// Fork safety: what a forked child must neither use nor keep, namely handles of its parent and its parent's connections.
//
// A child has none of its parent's threads, and locks that those threads held stay locked. So every object with
// threads records its Home process and refuses to work in another one. Descriptors whose closing tells peers that a
// process has ended (see descriptor.h) are closed in the child; otherwise a child that outlives its parent would make
// peers believe that the parent still lives.
// Memory: Abandon leaks its argument, for the life of the process.
// Threads: any. Failure: Check is FAILED_PRECONDITION in a child.
// A child made by vfork or posix_spawn goes unnoticed: it only calls exec, which closes the descriptors.
#ifndef REMOTE_DRAM_BASE_FORK_H_
#define REMOTE_DRAM_BASE_FORK_H_

#include <sys/types.h>

#include <atomic>
#include <cstdint>
#include <functional>
#include <string_view>
#include <type_traits>
#include <utility>

#include "remote_dram/status.h"

namespace remote_dram::base {

// Counts of forks since the first use of this module.
struct ForkCount {
  uint64_t behind = 0;  // forks that led to this process; every child has another number than its parent
  uint64_t begun = 0;   // forks that this process, or an ancestor before it, began; counted before the child exists
  friend bool operator==(const ForkCount&, const ForkCount&) = default;
};
ForkCount ForksSoFar();

// The process in which an object was created.
class Home {
 public:
  Home();

  // A single load, where getpid would cost a system call.
  bool Here() const { return forks_ == forks.load(std::memory_order_relaxed); }
  // `what` names the kind of object for the error text: "client".
  Status Check(std::string_view what) const;

 private:
  friend class ForkHooks;
  friend ForkCount ForksSoFar();
  static std::atomic<uint64_t> forks;  // ForkCount::behind of this process

  const uint64_t forks_;
  const pid_t process_;
};

// Moves `thing` to the heap and never destroys it. For objects that a child must not destroy, because their destructors
// would wait for threads that do not exist there.
template <typename T>
void Abandon(T&& thing) {
  new std::decay_t<T>(std::forward<T>(thing));
}

// Runs `open`, which returns a new descriptor or -1. Every child forked after that closes the descriptor.
int OpenForThisProcessOnly(const std::function<int()>& open);
void CloseForThisProcess(int fd);
// A child forked after this call keeps the descriptor.
void ReleaseForThisProcess(int fd);

}  // namespace remote_dram::base

#endif  // REMOTE_DRAM_BASE_FORK_H_
