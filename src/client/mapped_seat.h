// What every call of a MappedReader begins with: is it for the mapping at all, and a lane to read in.
//
// Memory: a Seat lies on the stack of the call. Threads: one. Failure: no lane is free, or nothing is mapped: ask
// the server.
// Limits: readers_max lanes.
#ifndef REMOTE_DRAM_CLIENT_MAPPED_SEAT_H_
#define REMOTE_DRAM_CLIENT_MAPPED_SEAT_H_

#include <functional>
#include <thread>

#include "client/mapped_reader.h"

namespace remote_dram::client {

inline bool Cancelled(const Cancellation& cancel) {
  uint64_t number = 0;
  if (!cancel) return false;
  if (!cancel.OnCancel([] {}, &number)) return true;
  cancel.Forget(number);
  return false;
}

// What a call by message would refuse or answer with an error, it shall.
template <typename Options>
bool IsPlain(const Options& options) {
  return options.timeout.count() >= 0 && !Cancelled(options.cancel);
}

// A lane, for as long as a call reads. Taking it and then looking at what is mapped is sequentially
// consistent, as are replacing that and then looking at the lanes: one of the two sees the other.
class MappedReader::Seat {
 public:
  explicit Seat(MappedReader* reader) : reader_(reader) {
    const size_t first = std::hash<std::thread::id>()(std::this_thread::get_id()) % readers_max;
    for (size_t i = 0; i < readers_max; ++i) {
      const size_t number = (first + i) % readers_max;
      uint64_t turn = reader_->lanes_[number].turn.load(std::memory_order_relaxed);
      if (turn % 2 != 0 || !reader_->lanes_[number].turn.compare_exchange_strong(turn, turn + 1)) continue;
      lane_ = static_cast<uint32_t>(number);
      turn_ = turn + 1;
      return;
    }
  }
  Seat(const Seat&) = delete;
  Seat& operator=(const Seat&) = delete;
  ~Seat() {
    if (turn_ != 0) reader_->lanes_[lane_].turn.store(turn_ + 1, std::memory_order_release);
  }

  // Null if nothing is mapped, or no lane was free.
  const Mapped* mapped() const { return turn_ != 0 ? reader_->mapped_.load() : nullptr; }
  uint32_t lane() const { return lane_; }

 private:
  MappedReader* const reader_;
  uint32_t lane_ = 0;
  uint64_t turn_ = 0;
};

}  // namespace remote_dram::client

#endif  // REMOTE_DRAM_CLIENT_MAPPED_SEAT_H_
