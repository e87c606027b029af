// What a forked child must neither use nor keep: handles of its parent, and its parent's connections.
//
// A child has none of its parent's threads, and whichever locks they held stay locked. So everything with
// threads knows its Home and refuses to work elsewhere, and descriptors that tell peers that a process
// lives (see descriptor.h) are closed in the child, which otherwise would outlive the parent for them.
// Memory: Abandon gives its argument to nobody, for the life of the process.
// Threads: any. Failure: Check is FAILED_PRECONDITION in a child.
// A child made by vfork or posix_spawn is not seen: it does nothing but exec, which closes the descriptors.
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

// How many forks made this process, and how many it has begun, each counted before the child is there.
struct ForkCount {
  uint64_t behind = 0;  // another number: another process
  uint64_t begun = 0;
  friend bool operator==(const ForkCount&, const ForkCount&) = default;
};
ForkCount ForksSoFar();

// The process in which an object was made.
class Home {
 public:
  Home();

  // One load; a call of getpid would cost a system call.
  bool Here() const { return forks_ == forks.load(std::memory_order_relaxed); }
  // `what`: of the object, "client".
  Status Check(std::string_view what) const;

 private:
  friend class ForkHooks;
  friend ForkCount ForksSoFar();
  static std::atomic<uint64_t> forks;  // between the first Home and this process

  const uint64_t forks_;
  const pid_t process_;
};

// Keeps for ever what a child must not destroy: it would wait for threads that are not there.
template <typename T>
void Abandon(T&& thing) {
  new std::decay_t<T>(std::forward<T>(thing));
}

// Runs `open`, which returns a new descriptor or -1; a child of a fork after that will close it.
int OpenForThisProcessOnly(const std::function<int()>& open);
void CloseForThisProcess(int fd);
// From now on a child keeps it.
void ReleaseForThisProcess(int fd);

}  // namespace remote_dram::base

#endif  // REMOTE_DRAM_BASE_FORK_H_
