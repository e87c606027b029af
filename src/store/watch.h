// Watchers: who waits for a key to be another version than the one they know; and Woken, those whose wait is
// over.
//
// Memory: a watcher is its shard's until it is woken or taken back.
// Threads: Watchers under the lock of their shard. A Woken collects under that lock and calls when it is
// destroyed, so it is declared before the lock is taken and outlives it: callbacks run under no lock, on the
// thread whose mutation they waited for.
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
  Generation while_generation;  // Missing, or a version
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

  // Takes those out who know another version of the key than this one.
  void Take(Watchers& watchers, std::string_view key, const StatResult& now);

 private:
  std::vector<std::pair<WatchCallback, StatResult>> calls_;
};

}  // namespace remote_dram::store

#endif  // REMOTE_DRAM_STORE_WATCH_H_
