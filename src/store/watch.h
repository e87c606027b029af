// Watchers: those who wait until a key has another version than the one they know. Woken: the watchers whose wait is over.
//
// Memory: a watcher belongs to its shard until its wait is over or Unwatch takes it back.
// Threads: Watchers are guarded by the lock of their shard. A Woken collects callbacks under that lock, and calls them in
// its destructor. It is declared before the lock, so it is destroyed after it: callbacks run without a lock, on the thread
// that made the change, or that called Watch if the key had already changed.
// Failure: none.
#ifndef REMOTE_DRAM_STORE_WATCH_H_
#define REMOTE_DRAM_STORE_WATCH_H_

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/task.h"
#include "remote_dram/verbs.h"

namespace remote_dram::store {

using WatchCallback = base::Callback<const StatResult&>;

struct Watcher {
  uint64_t id = 0;
  Generation while_generation;  // Missing, or that of a version
  WatchCallback changed;
};

using Watchers = std::multimap<std::string, Watcher, std::less<>>;

class Woken {
 public:
  Woken() = default;
  Woken(const Woken&) = delete;
  Woken& operator=(const Woken&) = delete;
  ~Woken() {
    for (auto& [changed, now] : calls_) changed(now);
  }

  void Add(WatchCallback changed, const StatResult& now) { calls_.emplace_back(std::move(changed), now); }

  // Takes the watchers out of `watchers` that know another version of the key than `now`.
  void Take(Watchers& watchers, std::string_view key, const StatResult& now);

 private:
  std::vector<std::pair<WatchCallback, StatResult>> calls_;
};

}  // namespace remote_dram::store

#endif  // REMOTE_DRAM_STORE_WATCH_H_
