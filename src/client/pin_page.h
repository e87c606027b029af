// PinPage: the memory in which a client says what it reads (wire/mapped.h), and its server that this no longer counts.
//
// A sealed memfd that both map. Nothing of it is there in a forked child, see SealedMemory.
// Memory: owned; unmapped at the end.
// Threads: one word has one user at a time; TakeView and GiveView from any thread.
// Failure: RESOURCE_EXHAUSTED: the system gives no memory.
// Limits: readers_max threads read at a time, and views_max views are held; pinned_bytes_max for all views.
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
  // `memory` is for the server, not valid() if there is none.
  static Result<std::unique_ptr<PinPage>> Make(base::Descriptor* memory);
  PinPage(const PinPage&) = delete;
  PinPage& operator=(const PinPage&) = delete;

  // One word for each reader, a cache line apart; the others are for views.
  uint64_t* OfReader(uint32_t reader) { return &words_[reader * kWordsApart]; }

  // The server looks at the pins no more: what they kept may be overwritten by now.
  bool ended() const { return wire::LoadWord(end_->ended, std::memory_order_acquire) != 0; }

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
