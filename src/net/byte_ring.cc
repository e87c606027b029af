// ByteRing: the two counts, and copies that wrap around the end of the ring.
#include "net/byte_ring.h"

#include <sched.h>

#include <algorithm>

namespace remote_dram::net {
namespace {

// True if the other side said that it sleeps. The word is cleared, so that only one caller rings for it.
bool TakeSleeper(uint64_t& sleeps) {
  std::atomic_ref<uint64_t> word(sleeps);
  return word.load() != 0 && word.exchange(0) != 0;
}

}  // namespace

uint64_t RingWriter::Room(uint64_t wanted) {
  if (broken_) return 0;
  // More than that may be in transit just after a wide ring was made narrow.
  const auto room = [this] { return transit_bytes_max_ - std::min(written_ - read_, transit_bytes_max_); };
  if (room() < wanted) {
    read_ = std::atomic_ref<uint64_t>(words_->read).load();
    broken_ = written_ - read_ > places_.bytes();
    if (broken_) return 0;
  }
  return room();
}

void RingWriter::Put(std::string_view bytes, base::Stores stores) {
  const uint64_t at = places_.Of(written_);
  const uint64_t first = std::min<uint64_t>(bytes.size(), places_.bytes() - at);
  base::CopyBytes(data_ + at, bytes.substr(0, first), stores);
  if (first < bytes.size()) base::CopyBytes(data_, bytes.substr(first), stores);
  written_ += bytes.size();
}

bool RingWriter::Publish() {
  std::atomic_ref<uint64_t>(words_->written).store(written_);
  return TakeSleeper(words_->reader_sleeps);
}

// The store may be relaxed: Publish stores `written` later, so a reader that sees bytes written after the turn sees the turn.
void RingWriter::Turn() {
  places_.Turn(written_);
  SetWide(false);
  std::atomic_ref<uint64_t>(words_->turned).store(written_, std::memory_order_relaxed);
}

bool RingWriter::ReaderIsHere() const {
  const uint64_t there = std::atomic_ref<uint64_t>(words_->reader_processor).load(std::memory_order_relaxed);
  return there != 0 && there == static_cast<uint64_t>(sched_getcpu() + 1);
}

uint64_t RingReader::Available() {
  if (broken_) return 0;
  const uint64_t available = std::atomic_ref<uint64_t>(words_->written).load() - read_;
  const uint64_t turned = std::atomic_ref<uint64_t>(words_->turned).load(std::memory_order_relaxed);
  if (turned != places_.turned()) {
    broken_ = turned != read_;  // a correct writer turns only after everything was read
    places_.Turn(turned);
  }
  broken_ = broken_ || available > places_.bytes();
  return broken_ ? 0 : available;
}

void RingReader::Take(char* to, uint64_t bytes, base::Stores stores) {
  const uint64_t at = places_.Of(read_);
  const uint64_t first = std::min<uint64_t>(bytes, places_.bytes() - at);
  base::CopyBytes(to, {data_ + at, first}, stores);
  if (first < bytes) base::CopyBytes(to + first, {data_, bytes - first}, stores);
  read_ += bytes;
}

bool RingReader::Free(uint64_t bytes_min) {
  if (read_ - freed_ < bytes_min) return false;
  freed_ = read_;
  std::atomic_ref<uint64_t>(words_->reader_processor).store(static_cast<uint64_t>(sched_getcpu() + 1), std::memory_order_relaxed);
  std::atomic_ref<uint64_t>(words_->read).store(read_);
  return TakeSleeper(words_->writer_sleeps);
}

}  // namespace remote_dram::net
