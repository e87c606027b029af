// StorePace: decides whether bulk is stored into a ring through the caches or past them.
//
// Before a line of the ring can be stored through the caches, it must be taken away from the reader's. If the processors of
// both sides share a cache, that is fast, and so is the reader, who finds there what was stored: 20 GB/s, and 11 past the
// caches. If they share none, a line takes 25 ns: 2.4 GB/s, and 16 past the caches. Which it is changes while a program runs,
// presumably because the host of a virtual machine moves its processors. So some pieces are timed, and after several slow
// ones stores go past the caches for a while (doc/notes.md).
// Memory: none but itself. Threads: one at a time. Failure: none. Limits: below.
#ifndef REMOTE_DRAM_NET_STORE_PACE_H_
#define REMOTE_DRAM_NET_STORE_PACE_H_

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>

#include "base/copy_bytes.h"

namespace remote_dram::net {

class StorePace {
 public:
  static constexpr unsigned timed_piece_interval = 8;    // pieces; reading the clock takes as long as storing some hundred bytes
  static constexpr size_t timed_piece_bytes_min = 4096;  // of smaller pieces, overhead would be timed
  static constexpr int64_t slow_bytes_per_nanosecond = 5;
  static constexpr int slow_pieces_max = 4;            // timed ones in succession
  static constexpr size_t streamed_bytes = 256 << 20;  // before it tries the caches again

  // Calls `store` once, with how it shall store the next piece.
  template <typename Store>
  void StorePiece(size_t piece_bytes, Store store) {
    if (streamed_bytes_left_ > 0) {
      streamed_bytes_left_ -= std::min(streamed_bytes_left_, piece_bytes);
      return store(base::Stores::kStreaming);
    }
    if (piece_bytes < timed_piece_bytes_min || ++pieces_ % timed_piece_interval != 0) return store(base::Stores::kCached);
    const auto before = std::chrono::steady_clock::now();
    store(base::Stores::kCached);
    Record(piece_bytes, std::chrono::steady_clock::now() - before);
  }

  void Record(size_t piece_bytes, std::chrono::nanoseconds taken) {
    const bool slow = taken.count() * slow_bytes_per_nanosecond > static_cast<int64_t>(piece_bytes);
    slow_pieces_ = slow ? slow_pieces_ + 1 : 0;
    if (slow_pieces_ < slow_pieces_max) return;
    slow_pieces_ = 0;
    streamed_bytes_left_ = streamed_bytes;
  }

 private:
  unsigned pieces_ = 0;
  int slow_pieces_ = 0;
  size_t streamed_bytes_left_ = 0;
};

}  // namespace remote_dram::net

#endif  // REMOTE_DRAM_NET_STORE_PACE_H_
