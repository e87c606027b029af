// JointLock: the locks of several shards at once, for what happens to many keys at one instant.
//
// Threads: the locks are taken in the order of the shards' numbers, always and only here; every other
// operation of the store holds one shard's lock at a time and takes no other meanwhile. So whoever waits for
// a lock waits for somebody who holds only it, or who goes on to higher numbers: nobody waits in a circle.
// The compiler cannot follow a set of locks; that a shard is held is asserted instead.
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
  // `wanted`: for each shard, whether it is one of them.
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
