// ProgressSource: something that makes progress when asked, and whose descriptor shows when to ask again.
// ProgressSources: the sources of a loop. It decides which of them are asked in which turn, and are in the loop's epoll set.
//
//   a source  | is asked            | is in the epoll set
//   lively    | in every turn       | until watched_lively_max has passed without a sleep
//   quiet     | at each look around | yes
//   any       |                     | yes, while any thread sleeps on the set
//
// A source is lively if it moved (made progress) within the last SpinLimit::shortest.
// Memory: refers to sources and to the loop's epoll descriptor. A source must be removed before it is destroyed.
// Threads: the loop's role. A source may add and remove sources while it is asked. Failure: aborts if epoll_ctl fails.
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
  virtual int fd() const = 0;   // readable when there may be progress; must not change while the source is added
  virtual void OnReady() {}     // epoll reported the descriptor

 protected:
  ~ProgressSource() = default;
};

class ProgressSources {
 public:
  // A source that was lively for this long without a sleep leaves the epoll set until it becomes quiet: it is asked in every
  // turn anyway, and each TCP segment that arrives then has one wait queue less to notify. That saves some 7 % of a stream
  // of puts over TCP.
  static constexpr std::chrono::milliseconds watched_lively_max{1};

  explicit ProgressSources(int epoll_fd) : epoll_fd_(epoll_fd) {}

  void Add(ProgressSource* source, TimePoint now);
  void Remove(ProgressSource* source);

  // Asks the lively sources, or all. True if anything happened.
  bool Ask(bool all);
  // Updates which sources are lively, and which are in the epoll set. `sleeper`: another thread may be sleeping on the set,
  // so no source may be taken out of it.
  void Judge(TimePoint now, bool sleeper);
  // Arms all sources before this thread sleeps on the set. False: some source must be asked first.
  bool Arm();
  // Puts all sources into the set, before this thread sleeps on it.
  void WatchAll(TimePoint now);
  // Passes an event of epoll on to the source of the descriptor. False: it belongs to no source.
  bool OnReady(int fd);

 private:
  struct Entry {
    ProgressSource* source;  // null: it was removed
    bool moved = true;       // made progress since the last Judge
    bool lively = true;
    bool watched = false;  // in the epoll set
    TimePoint moved_at{};
    TimePoint lively_since{};  // or the last sleep, if that is later
  };

  void SetWatched(Entry& entry, bool watched);

  const int epoll_fd_;
  std::vector<Entry> entries_;
  std::map<int, ProgressSource*> source_of_;  // by descriptor
};

}  // namespace remote_dram::net

#endif  // REMOTE_DRAM_NET_PROGRESS_SOURCES_H_
