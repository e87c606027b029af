// JointLock: holds the locks of several shards, for operations on many keys at one instant.
//
// Threads: several shard locks are held only through this class, which always takes them in the order of the shards'
// numbers. Every other operation of the store holds one shard's lock at a time and takes no second one meanwhile. So
// the holder of a lock waits at most for locks with higher numbers, and no deadlock is possible.
// The compiler cannot analyse a set of locks; instead the accessors check that the shard is held.
// Memory: refers to the shards. Failure: none.
#ifndef REMOTE_DRAM_STORE_JOINT_LOCK_H_
#define REMOTE_DRAM_STORE_JOINT_LOCK_H_

#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

#include "base/check.h"
#include "store/shard.h"

namespace remote_dram::store {

using Shards = std::vector<std::unique_ptr<Shard>>;

class JointLock {
 public:
  // `wanted`: for each shard, whether to lock it.
  JointLock(const Shards& shards, std::vector<bool> wanted) NO_THREAD_SAFETY_ANALYSIS : shards_(shards),
                                                                                       held_(std::move(wanted)) {
    RD_CHECK(held_.size() == shards_.size());
    for (size_t i = 0; i < held_.size(); ++i) {
      if (held_[i]) shards_[i]->mutex.Lock();
    }
  }
  ~JointLock() NO_THREAD_SAFETY_ANALYSIS {
    for (size_t i = 0; i < held_.size(); ++i) {
      if (held_[i]) shards_[i]->mutex.Unlock();
    }
  }
  JointLock(const JointLock&) = delete;
  JointLock& operator=(const JointLock&) = delete;

  bool Holds(size_t shard) const { return held_[shard]; }
  Table& TableOf(size_t shard) const NO_THREAD_SAFETY_ANALYSIS {
    RD_CHECK(held_[shard]);
    return shards_[shard]->table;
  }
  Watchers& WatchersOf(size_t shard) const NO_THREAD_SAFETY_ANALYSIS {
    RD_CHECK(held_[shard]);
    return shards_[shard]->watchers;
  }

 private:
  const Shards& shards_;
  const std::vector<bool> held_;
};

}  // namespace remote_dram::store

#endif  // REMOTE_DRAM_STORE_JOINT_LOCK_H_
