// ByteRing: a stream of bytes from one process to another, through memory that both map.
//
// The writer counts what it has written, the reader what it has read; each writes its own count and looks at the other's.
// Who finds nothing to do may sleep, if it says so first and looks again: the other then has to ring, by other means.
// Saying so and looking, and counting and looking whether somebody sleeps, are sequentially consistent: one of the two
// sees the other.
// A ring has one of two sizes, and turns from one to the other at a moment at which everything was read: a small one stays
// in the caches of both, a large one spares them many ways through the scheduler where the processors are crowded.
// Memory: RingWords and ring_large_bytes of data, the caller's, of which ring_bytes are used until it turns. Both begin as
// zeros. The other process may write anything there at any moment: what is read is copied first.
// Threads: a writer and a reader, one thread at a time each.
// Failure: broken() says that the other side's count is none that a correct one has; nothing is read or written then.
// Limits: ring_bytes, ring_large_bytes; ring_lag_bytes: so much may be read and not told yet, so a writer that waits for
// more room than what else there is would wait for ever.
#ifndef REMOTE_DRAM_NET_BYTE_RING_H_
#define REMOTE_DRAM_NET_BYTE_RING_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace remote_dram::net {

// Half of it on its way and half of it read fit a first-level cache beside other things.
inline constexpr uint64_t ring_bytes = 64 << 10;
inline constexpr uint64_t ring_large_bytes = 4 << 20;
inline constexpr uint64_t ring_lag_bytes = ring_bytes / 4;

// A cache line for each that is changed by itself.
struct RingWords {
  alignas(64) uint64_t written = 0;        // bytes so far
  uint64_t turned = 0;                     // how many they were when the ring last turned
  alignas(64) uint64_t read = 0;           // bytes so far
  uint64_t reader_processor = 0;           // on which the reader was then, counted from 1; 0: unknown
  alignas(64) uint64_t reader_sleeps = 0;  // 1: ring when there are bytes
  alignas(64) uint64_t writer_sleeps = 0;  // 1: ring when there is room
};

// If it is still said, nobody has moved his count since, or he is about to ring.
inline void SaySleepingIn(uint64_t& sleeps) {
  std::atomic_ref<uint64_t> word(sleeps);
  if (word.load() != 1) word.store(1);
}

// Where the byte of a count lies.
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

  // How much fits; looks at the reader's count only if less than `wanted` is known to.
  uint64_t Room(uint64_t wanted);
  // What fits. Nobody sees it before Publish.
  void Put(std::string_view bytes);
  // True: the reader sleeps, and is to be rung for.
  [[nodiscard]] bool Publish();
  bool large() const { return places_.large(); }
  // Nothing waits to be read; it may turn, unless it did where it is.
  bool MayTurn() { return Room(places_.bytes()) == places_.bytes() && written_ != places_.turned(); }
  void Turn();
  // When it last told what it had read, the reader ran on the processor of this thread.
  bool ReaderIsHere() const;
  // From now on the reader rings when it has read something.
  void SaySleeping() { SaySleepingIn(words_->writer_sleeps); }
  bool broken() const { return broken_; }

 private:
  RingWords* const words_;
  char* const data_;
  RingPlaces places_;
  uint64_t written_ = 0;
  uint64_t read_ = 0;  // as it was last seen
  bool broken_ = false;
};

class RingReader {
 public:
  RingReader(RingWords* words, const char* data) : words_(words), data_(data) {}

  uint64_t Available();
  bool large() const { return places_.large(); }
  // Of what is available.
  void Take(char* to, uint64_t bytes);
  // What was taken may be written over: told when it is so much, for telling costs as much as taking a small message.
  // True: the writer sleeps, and is to be rung for.
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
