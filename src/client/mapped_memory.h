// MappedMemory and PinPage: what a client and its server map of each other.
//
// MappedMemory is memory that the server writes and this process only reads; PinPage is the page that this
// client writes and the server only reads (wire/mapped.h). Neither is there in a forked child: the child has
// no connection that would keep the server from using the memory again, so what it read could be anything.
// Memory: owned; unmapped at the end.
// Threads: MappedMemory any. PinPage: one word has one user at a time; TakeView and GiveView from any thread.
// Failure: Map refuses what could shrink (SIGBUS) or is smaller than announced. RESOURCE_EXHAUSTED: the system
// gives no memory.
// Limits: readers_max threads read at a time, and views_max views are held; pinned_bytes_max for all views.
#ifndef REMOTE_DRAM_CLIENT_MAPPED_MEMORY_H_
#define REMOTE_DRAM_CLIENT_MAPPED_MEMORY_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "base/descriptor.h"
#include "base/thread_annotations.h"
#include "remote_dram/limits.h"
#include "remote_dram/status.h"
#include "wire/mapped.h"

namespace remote_dram::client {

class MappedMemory {
 public:
  static Result<std::shared_ptr<const MappedMemory>> Map(const base::Descriptor& memory, uint64_t bytes);
  MappedMemory(const MappedMemory&) = delete;
  MappedMemory& operator=(const MappedMemory&) = delete;
  ~MappedMemory();

  std::string_view bytes() const { return {base_, bytes_}; }

 private:
  MappedMemory(const char* base, uint64_t bytes) : base_(base), bytes_(bytes) {}

  const char* const base_;
  const uint64_t bytes_;
};

inline constexpr uint32_t readers_max = 64;

class PinPage {
 public:
  static Result<std::unique_ptr<PinPage>> Make();
  PinPage(const PinPage&) = delete;
  PinPage& operator=(const PinPage&) = delete;
  ~PinPage();

  const base::Descriptor& memory() const { return memory_; }

  // One word for each reader, a cache line apart; the others are for views.
  uint64_t* OfReader(uint32_t reader) { return &words_[reader * kWordsApart]; }

  // A word for a view; null: views_max are held.
  uint64_t* TakeView() EXCLUDES(mutex_);
  // True: the view may have so many bytes, which all views together have at most `limit` with; they count
  // until GiveView.
  bool Charge(uint64_t bytes, uint64_t limit);
  // After the view is gone, and its pin cleared.
  void GiveView(uint64_t* word, uint64_t charged_bytes) EXCLUDES(mutex_);

 private:
  static constexpr uint32_t kWordsApart = 8;
  static_assert(readers_max + views_max == wire::mapped_pins_max && readers_max * kWordsApart <= wire::mapped_pins_max);

  PinPage(base::Descriptor memory, uint64_t* words);

  const base::Descriptor memory_;
  uint64_t* const words_;
  base::Mutex mutex_;
  std::vector<uint64_t*> free_views_ GUARDED_BY(mutex_);
  std::atomic<uint64_t> pinned_bytes_{0};
};

}  // namespace remote_dram::client

#endif  // REMOTE_DRAM_CLIENT_MAPPED_MEMORY_H_
