// PinPage and BounceBuffers: the memory of this client that its server maps.
//
// Both lie in one sealed memfd: the page in which it says what it reads (wire/mapped.h), one in which the server says
// that this no longer counts, and behind them the buffers through which the payloads of its requests go (wire/bounce.h).
// Nothing of it is there in a forked child, see SealedMemory.
// Memory: owned; unmapped at the end. The buffers have pages from the first time they are written on.
// Threads: PinPage: one word has one user at a time; TakeView and GiveView from any thread. BounceBuffers: one.
// Failure: RESOURCE_EXHAUSTED: the system gives no memory.
// Limits: readers_max threads read at a time, and views_max views are held; pinned_bytes_max for all views.
#ifndef REMOTE_DRAM_CLIENT_OWN_MEMORY_H_
#define REMOTE_DRAM_CLIENT_OWN_MEMORY_H_

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
#include "wire/bounce.h"
#include "wire/mapped.h"

namespace remote_dram::client {

inline constexpr uint32_t readers_max = 64;

// Together no more than a second-level cache holds, so that what the client has written there is still in a cache when
// the server reads it; each so large that a message for it costs little.
inline constexpr uint32_t bounce_buffers = 8;
inline constexpr uint64_t bounce_buffer_bytes = 128 << 10;
inline constexpr uint64_t bounce_bytes = bounce_buffers * bounce_buffer_bytes;
static_assert(bounce_bytes <= wire::bounce_bytes_max);

// The memfd for both, not valid() if there is none.
base::Descriptor MakeOwnMemory();

class PinPage {
 public:
  static Result<std::unique_ptr<PinPage>> Map(const base::Descriptor& memory);
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

class BounceBuffers {
 public:
  static Result<std::shared_ptr<BounceBuffers>> Map(const base::Descriptor& memory);
  BounceBuffers(const BounceBuffers&) = delete;
  BounceBuffers& operator=(const BounceBuffers&) = delete;

  char* Buffer(uint32_t number) { return memory_->base() + number * bounce_buffer_bytes; }

 private:
  explicit BounceBuffers(std::shared_ptr<base::SealedMemory> memory) : memory_(std::move(memory)) {}

  const std::shared_ptr<base::SealedMemory> memory_;
};

}  // namespace remote_dram::client

#endif  // REMOTE_DRAM_CLIENT_OWN_MEMORY_H_
