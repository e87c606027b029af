// Pins: the pages in which clients that map the arena say which blocks they are reading.
//
// The client makes a memfd that begins with its page of pins. Each word of this page is a handle (wire/mapped.h) or 0;
// only the client writes it. After it comes a page in which the server says that the pins no longer count (wire::MappedEnd).
// A client that pins a block, and then still finds it in the index, may read it until it clears the pin. So a block that
// has left the index is reused only after all pages of pins were read.
// Memory: owns the mappings of the pages. A page counts until Remove, which first tells its client that it ends.
// Threads: any.
// Failure: Add refuses memory that is too small, that is not sealed against shrinking (reading it could then be fatal), or
// that this process may not write.
// Limits: mapped_pins_max words per page, so a client can pin that many blocks.
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

  Result<uint64_t> Add(const base::Descriptor& page) EXCLUDES(mutex_);  // returns the page's number
  void Remove(uint64_t number) EXCLUDES(mutex_);

  uint64_t pages() const { return count_.load(); }
  bool any() const { return pages() > 0; }
  // All handles that are pinned now, sorted.
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
