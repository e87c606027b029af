// ByteRing: a stream of bytes from one process to another, through memory that both map.
//
// The writer counts the bytes written, the reader the bytes read; each side stores its own count and loads the other's.
// A side with nothing to do may sleep if it first sets its "sleeps" word and then checks the other's count once more; the
// other side then rings (wakes it by other means, see net/ring_bell.h). Setting the word and checking the count, as well as
// advancing the count and checking the word, are sequentially consistent: at least one side sees the other's store.
// A ring has one of two sizes. It "turns" from one to the other at a moment at which everything was read. Small messages use
// a small ring, which stays in the caches of both processes. A large one carries bulk faster where the processors share no L2
// cache: by the time that the writer comes round, its lines have left the reader's caches. At most ring_bytes are in transit in
// either, unless the writer makes the large one "wide", which saves many context switches where both sides share a processor.
// Memory: RingWords and ring_large_bytes of data, both the caller's and zero at first; until the ring turns, it uses only
// ring_bytes of the data. The other process may change this memory at any moment, so data is copied before it is examined.
// Threads: a writer and a reader, each used by one thread at a time.
// Failure: broken() if the other side's count is impossible; nothing is read or written from then on.
// Limits: ring_bytes, ring_large_bytes. The reader may hold back up to ring_lag_bytes that it has read but not yet
// reported; so a writer that waits for more room than ring_bytes less ring_lag_bytes could wait for ever.
#ifndef REMOTE_DRAM_NET_BYTE_RING_H_
#define REMOTE_DRAM_NET_BYTE_RING_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/copy_bytes.h"

namespace remote_dram::net {

// Half of it in transit and half of it already read fit into a first-level cache, beside other data. Four megabytes exceed
// what a second-level cache holds.
inline constexpr uint64_t ring_bytes = 64 << 10;
inline constexpr uint64_t ring_large_bytes = 4 << 20;
inline constexpr uint64_t ring_lag_bytes = ring_bytes / 4;

// Words that change independently of each other lie in different cache lines.
struct RingWords {
  alignas(64) uint64_t written = 0;        // total bytes written
  uint64_t turned = 0;                     // value of `written` when the ring last turned
  alignas(64) uint64_t read = 0;           // total bytes read
  uint64_t reader_processor = 0;           // on which the reader ran when it stored `read`, counted from 1; 0: unknown
  alignas(64) uint64_t reader_sleeps = 0;  // 1: ring when there are bytes
  alignas(64) uint64_t writer_sleeps = 0;  // 1: ring when there is room
};

// If the word is still 1, no store is needed: since it was set, the other side has not advanced its count, or is about to
// ring.
inline void SaySleepingIn(uint64_t& sleeps) {
  std::atomic_ref<uint64_t> word(sleeps);
  if (word.load() != 1) word.store(1);
}

// Maps a count to the place of its byte in the ring.
class RingPlaces {
 public:
  uint64_t bytes() const { return bytes_; }
  bool large() const { return bytes_ == ring_large_bytes; }
  uint64_t Of(uint64_t count) const { return (count - turned_) & (bytes_ - 1); }
  uint64_t turned() const { return turned_; }
  void Turn(uint64_t count) {
    turned_ = count;
    bytes_ = large() ? ring_bytes : ring_large_bytes;
  }

 private:
  static_assert((ring_bytes & (ring_bytes - 1)) == 0 && (ring_large_bytes & (ring_large_bytes - 1)) == 0);
  uint64_t turned_ = 0;
  uint64_t bytes_ = ring_bytes;
};

class RingWriter {
 public:
  RingWriter(RingWords* words, char* data) : words_(words), data_(data) {}

  // How many bytes fit. Loads the reader's count only if the last one seen leaves less than `wanted`.
  uint64_t Room(uint64_t wanted);
  // Whether as much may be in transit as the ring holds. If not, as after each turn, at most ring_bytes may be.
  void SetWide(bool wide) { transit_bytes_max_ = wide ? places_.bytes() : ring_bytes; }
  // Copies bytes into the ring; there must be room for all. The reader sees them after Publish.
  void Put(std::string_view bytes, base::Stores stores = base::Stores::kCached);
  // True: the reader sleeps, and the caller must ring.
  [[nodiscard]] bool Publish();
  bool large() const { return places_.large(); }
  // True if everything was read, and something was written since the ring last turned.
  bool MayTurn() { return Room(transit_bytes_max_) == transit_bytes_max_ && written_ != places_.turned(); }
  void Turn();
  // True if the reader, when it last reported what it had read, ran on the processor of this thread.
  bool ReaderIsHere() const;
  // The reader rings after it has next reported what it has read.
  void SaySleeping() { SaySleepingIn(words_->writer_sleeps); }
  bool broken() const { return broken_; }

 private:
  RingWords* const words_;
  char* const data_;
  RingPlaces places_;
  uint64_t transit_bytes_max_ = ring_bytes;
  uint64_t written_ = 0;
  uint64_t read_ = 0;  // the reader's count, as last seen
  bool broken_ = false;
};

class RingReader {
 public:
  RingReader(RingWords* words, const char* data) : words_(words), data_(data) {}

  uint64_t Available();
  bool large() const { return places_.large(); }
  // Copies bytes out of the ring, at most Available().
  void Take(char* to, uint64_t bytes, base::Stores stores = base::Stores::kCached);
  // Reports to the writer that it may overwrite what was taken, if that is at least `bytes_min`: a report costs as much as
  // taking a small message. True: the writer sleeps, and the caller must ring.
  [[nodiscard]] bool Free(uint64_t bytes_min = ring_lag_bytes);
  void SaySleeping() { SaySleepingIn(words_->reader_sleeps); }
  bool broken() const { return broken_; }

 private:
  RingWords* const words_;
  const char* const data_;
  RingPlaces places_;
  uint64_t read_ = 0;
  uint64_t freed_ = 0;
  bool broken_ = false;
};

}  // namespace remote_dram::net

#endif  // REMOTE_DRAM_NET_BYTE_RING_H_
