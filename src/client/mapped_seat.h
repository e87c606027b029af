// The parts that every read of a MappedReader consists of: a lane to read in, a pin for each key, and the final check of
// the server.
//
// Memory: a Seat lies on the stack of the call. Threads: each Seat is used by one. Failure: kAskServer if no lane is free,
// nothing is mapped, or the server was not there until the end.
// Limits: readers_max lanes.
#ifndef REMOTE_DRAM_CLIENT_MAPPED_SEAT_H_
#define REMOTE_DRAM_CLIENT_MAPPED_SEAT_H_

#include <functional>
#include <thread>

#include "client/mapped_reader.h"

namespace remote_dram::client {

// Holds a lane while a call reads. A reader takes a lane and then loads mapped_; Publish stores mapped_ and then looks at
// the lanes. All four accesses are sequentially consistent, so either the reader loads the new snapshot, or Publish sees
// that the lane is taken and keeps the old one.
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

template <typename Read>
MappedRead MappedReader::InALane(Read read) {
  const Seat seat(this);
  const Mapped* const mapped = seat.mapped();
  if (mapped == nullptr) return MappedRead::kAskServer;
  const Attachment& attachment = *mapped->attachment;
  if (read(*mapped, attachment.pins().OfReader(seat.lane())) == MappedRead::kAskServer) return MappedRead::kAskServer;
  return attachment.ServerIsThere() ? MappedRead::kAnswered : MappedRead::kAskServer;
}

template <typename Take>
MappedRead MappedReader::WhilePinned(const Mapped& mapped, std::string_view key, uint64_t* pin, Take take) {
  const wire::MappedFound found = Find(mapped, key, pin);
  const MappedRead taken = take(found);
  const bool of_this_key = found.state != wire::MappedFound::State::kFound || found.key == key;
  wire::ClearPin(pin);
  return of_this_key ? taken : MappedRead::kAskServer;
}

}  // namespace remote_dram::client

#endif  // REMOTE_DRAM_CLIENT_MAPPED_SEAT_H_
