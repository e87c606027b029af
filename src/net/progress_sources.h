// ProgressSource: something that makes progress when asked, and can say by a descriptor when to ask again.
// ProgressSources: those of a loop: which to ask at which turn, and which are in its epoll set.
//
//   a source  | asked         | in the epoll set
//   lively    | at every turn | until watched_lively_max has passed without a sleep
//   quiet     | at every look | yes
//   any       |               | yes, while anybody sleeps
//
// Lively is what moved within SpinLimit::shortest.
// Memory: refers to sources and to the loop's epoll descriptor. A source is removed before it goes.
// Threads: the loop's role. A source may add and remove any while it is asked. Failure: aborts if the kernel refuses epoll.
// Limits: watched_lively_max.
#ifndef REMOTE_DRAM_NET_PROGRESS_SOURCES_H_
#define REMOTE_DRAM_NET_PROGRESS_SOURCES_H_

#include <map>
#include <vector>

#include "net/loop.h"

namespace remote_dram::net {

class ProgressSource {
 public:
  virtual bool Progress() = 0;  // true if anything happened
  virtual bool Arm() = 0;       // false: ask again before sleeping
  virtual int fd() const = 0;   // readable when there may be progress; the same as long as it is a source
  virtual void OnReady() {}     // its descriptor was found to be ready

 protected:
  ~ProgressSource() = default;
};

class ProgressSources {
 public:
  // A source that has moved for so long without a sleep is asked every turn anyway. Out of the epoll set until it comes to
  // rest, each segment that arrives passes one wait queue less: some 7 % of a stream of puts over TCP.
  static constexpr std::chrono::milliseconds watched_lively_max{1};

  explicit ProgressSources(int epoll_fd) : epoll_fd_(epoll_fd) {}

  void Add(ProgressSource* source, TimePoint now);
  void Remove(ProgressSource* source);

  // Asks those that moved lately, or all. True if anything happened.
  bool Ask(bool all);
  // Says anew which moved lately, and whether they are watched. `sleeper`: another thread may sleep on the set meanwhile,
  // so none is taken out of it.
  void Judge(TimePoint now, bool sleeper);
  // Before this thread sleeps on the set. False: there is something to be asked for first.
  bool Arm();
  void WatchAll(TimePoint now);
  // False: the descriptor is no source's.
  bool OnReady(int fd);

 private:
  struct Entry {
    ProgressSource* source;  // null: it was removed
    bool moved = true;       // since it was judged
    bool lively = true;
    bool watched = false;  // in the epoll set: all are when anyone sleeps there
    TimePoint moved_at{};
    TimePoint lively_since{};  // the last sleep, if that is later
  };

  void SetWatched(Entry& entry, bool watched);

  const int epoll_fd_;
  std::vector<Entry> entries_;
  std::map<int, ProgressSource*> source_of_;  // by descriptor
};

}  // namespace remote_dram::net

#endif  // REMOTE_DRAM_NET_PROGRESS_SOURCES_H_
