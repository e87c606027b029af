// PinPage: a page of memory shared with the server. In it the client announces which blocks it reads (the pins, see
// wire/mapped.h), and the server announces when it no longer honours the pins.
//
// The page is a sealed memfd that both map. A forked child does not inherit the mapping, see SealedMemory.
// Memory: owns its mapping, which is unmapped at the end.
// Threads: each pin has one user at a time; TakeView, Charge and GiveView from any thread.
// Failure: RESOURCE_EXHAUSTED if the system provides no memory.
// Limits: readers_max reading threads at a time, views_max views; pinned_bytes_max for all views.
#ifndef REMOTE_DRAM_CLIENT_PIN_PAGE_H_
#define REMOTE_DRAM_CLIENT_PIN_PAGE_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "base/descriptor.h"
#include "base/sealed_memory.h"
#include "base/thread_annotations.h"
#include "remote_dram/limits.h"
#include "remote_dram/status.h"
#include "wire/mapped.h"

namespace remote_dram::client {

inline constexpr uint32_t readers_max = 64;

class PinPage {
 public:
  // Sets `memory` to a descriptor of the page, which is to be sent to the server; it is not valid() if there is no memory.
  static Result<std::unique_ptr<PinPage>> Make(base::Descriptor* memory);
  PinPage(const PinPage&) = delete;
  PinPage& operator=(const PinPage&) = delete;

  // The pin of reader number `reader`, which is below readers_max. Readers' pins are a cache line apart; the words in
  // between serve as pins of views.
  uint64_t* OfReader(uint32_t reader) { return &words_[reader * kWordsApart]; }

  // True once the server no longer looks at the pins: what they protected may have been overwritten.
  bool ended() const { return wire::LoadWord(end_->ended, std::memory_order_acquire) != 0; }

  // Reserves a pin for a view; null if views_max views are held.
  uint64_t* TakeView() EXCLUDES(mutex_);
  // Counts the bytes of a view until GiveView. False, and nothing is counted, if all views together would then have more
  // than `limit` bytes.
  bool Charge(uint64_t bytes, uint64_t limit);
  // Returns the pin of a view that is gone. The pin must have been cleared.
  void GiveView(uint64_t* word, uint64_t charged_bytes) EXCLUDES(mutex_);

 private:
  static constexpr uint32_t kWordsApart = 8;  // one cache line
  static_assert(readers_max + views_max == wire::mapped_pins_max && readers_max * kWordsApart <= wire::mapped_pins_max);

  explicit PinPage(std::shared_ptr<base::SealedMemory> memory);

  const std::shared_ptr<base::SealedMemory> memory_;
  uint64_t* const words_;
  const wire::MappedEnd* const end_;
  base::Mutex mutex_;
  std::vector<uint64_t*> free_views_ GUARDED_BY(mutex_);
  std::atomic<uint64_t> pinned_bytes_{0};
};

}  // namespace remote_dram::client

#endif  // REMOTE_DRAM_CLIENT_PIN_PAGE_H_
