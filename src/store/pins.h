// Pins: the pages in which clients that map the arena say which blocks they are reading.
//
// A page begins a memfd that the client made; each of its words, which the client alone writes, is a handle
// (wire/mapped.h) or 0. Behind it is a page in which we say that they no longer count.
// A client that pins a block and then still finds it in the index may read it until it clears the word: so
// whoever wants to use a block again, after it left the index, looks through all pages first.
// Memory: owns the mappings of the pages. A page counts until Remove, which tells its client so first.
// Threads: any.
// Failure: Add refuses what is not sealed, or too small, which could shrink under our reads.
// Limits: mapped_pins_max words a page: so many blocks can a client keep.
#ifndef REMOTE_DRAM_STORE_PINS_H_
#define REMOTE_DRAM_STORE_PINS_H_

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <vector>

#include "base/descriptor.h"
#include "base/sealed_memory.h"
#include "base/thread_annotations.h"
#include "remote_dram/status.h"

namespace remote_dram::store {

class Pins {
 public:
  Pins() = default;
  Pins(const Pins&) = delete;
  Pins& operator=(const Pins&) = delete;

  Result<uint64_t> Add(const base::Descriptor& page) EXCLUDES(mutex_);  // its number
  void Remove(uint64_t number) EXCLUDES(mutex_);

  uint64_t pages() const { return count_.load(); }
  bool any() const { return pages() > 0; }
  // All handles that are pinned now, in order.
  std::vector<uint64_t> Look() const EXCLUDES(mutex_);

 private:
  struct Page {
    std::shared_ptr<const base::SealedMemory> pins;
    std::shared_ptr<base::SealedMemory> end;
  };

  mutable base::Mutex mutex_;
  std::map<uint64_t, Page> pages_ GUARDED_BY(mutex_);
  uint64_t last_ GUARDED_BY(mutex_) = 0;
  std::atomic<uint64_t> count_{0};
};

}  // namespace remote_dram::store

#endif  // REMOTE_DRAM_STORE_PINS_H_
