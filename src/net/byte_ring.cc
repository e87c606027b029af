// ByteRing: two counts, and a copy in one piece or two.
#include "net/byte_ring.h"

#include <algorithm>
#include <cstring>

namespace remote_dram::net {
namespace {

// True: it slept, and nobody else has rung yet.
bool TakeSleeper(uint64_t& sleeps) {
  std::atomic_ref<uint64_t> word(sleeps);
  return word.load() != 0 && word.exchange(0) != 0;
}

}  // namespace

uint64_t RingWriter::Room(uint64_t wanted) {
  if (broken_) return 0;
  if (ring_bytes - (written_ - read_) < wanted) {
    read_ = std::atomic_ref<uint64_t>(words_->read).load();
    broken_ = written_ - read_ > ring_bytes;
    if (broken_) return 0;
  }
  return ring_bytes - (written_ - read_);
}

void RingWriter::Put(std::string_view bytes) {
  const uint64_t at = written_ % ring_bytes;
  const uint64_t first = std::min<uint64_t>(bytes.size(), ring_bytes - at);
  bytes.copy(data_ + at, first);
  bytes.substr(first).copy(data_, bytes.size() - first);
  written_ += bytes.size();
}

bool RingWriter::Publish() {
  std::atomic_ref<uint64_t>(words_->written).store(written_);
  return TakeSleeper(words_->reader_sleeps);
}

uint64_t RingReader::Available() {
  if (broken_) return 0;
  const uint64_t available = std::atomic_ref<uint64_t>(words_->written).load() - read_;
  broken_ = available > ring_bytes;
  return broken_ ? 0 : available;
}

void RingReader::Take(char* to, uint64_t bytes) {
  const uint64_t at = read_ % ring_bytes;
  const uint64_t first = std::min<uint64_t>(bytes, ring_bytes - at);
  std::memcpy(to, data_ + at, first);
  if (first < bytes) std::memcpy(to + first, data_, bytes - first);
  read_ += bytes;
}

bool RingReader::Free() {
  if (read_ - freed_ < ring_lag_bytes) return false;
  freed_ = read_;
  std::atomic_ref<uint64_t>(words_->read).store(read_);
  return TakeSleeper(words_->writer_sleeps);
}

}  // namespace remote_dram::net
