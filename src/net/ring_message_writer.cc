// MessageWriter: writes a message at once if all of it fits, else piece by piece.
#include <algorithm>
#include <utility>

#include "base/check.h"
#include "base/validate.h"
#include "net/ring_messages.h"

namespace remote_dram::net {

TransferEnded* MessageWriter::Send(std::string_view header, std::span<const std::string_view> payload) {
  RD_CHECK(!header.empty() && header.size() <= message_header_bytes_max);
  const MessagePrefix prefix{.header_bytes = static_cast<uint32_t>(header.size()), .payload_bytes = base::BytesOf(payload)};
  const std::string_view prefix_bytes(reinterpret_cast<const char*>(&prefix), sizeof prefix);
  const size_t bytes = sizeof prefix + header.size() + prefix.payload_bytes;
  RingWriter& out = end_->out;
  Weigh(bytes);
  if (unsent_.empty() && bytes <= ring_piece_bytes_max && out.Room(bytes) >= bytes) {
    out.Put(prefix_bytes);
    out.Put(header);
    for (const std::string_view piece : payload) out.Put(piece);
    if (out.Publish()) bell_->Ring();
    return nullptr;
  }
  Outgoing& next = unsent_.emplace_back();
  next.head = std::string(prefix_bytes).append(header);
  next.pieces.reserve(1 + payload.size());
  next.pieces.push_back(next.head);
  next.pieces.insert(next.pieces.end(), payload.begin(), payload.end());
  next.bytes = bytes;
  std::list<Outgoing> done;
  if (unsent_.size() == 1) {
    // This driver may leave before all is sent, and the own thread may already be asleep, so that nobody would call Arm.
    out.SaySleeping();
    Write(&done);
  }
  return done.empty() ? &next.ended : nullptr;
}

bool MessageWriter::WriteMore() {
  std::list<Outgoing> done;
  const bool moved = Write(&done);
  for (Outgoing& each : done) {
    if (each.ended) each.ended(Status());
  }
  return moved;
}

// True: some bytes were written. Messages that were written completely are moved to `done`.
bool MessageWriter::Write(std::list<Outgoing>* done) {
  size_t budget = ring_turn_bytes_max;
  while (!unsent_.empty() && budget > 0) {
    Outgoing& next = unsent_.front();
    waits_to_turn_ = PrepareRing(next);
    if (waits_to_turn_) break;
    const size_t left = std::min(next.bytes - next.sent, ring_piece_bytes_max);
    const size_t bytes = std::min<size_t>({left, budget, end_->out.Room(left)});
    full_ = bytes == 0;
    if (full_) break;
    WriteSome(next, bytes);
    if (end_->out.Publish()) bell_->Ring();
    budget -= bytes;
    if (next.sent == next.bytes) done->splice(done->end(), unsent_, unsent_.begin());
  }
  return budget < ring_turn_bytes_max;
}

// Whether bulk wants a large ring depends on what was sent lately: the bytes of bulk, less ring_small_message_weight for each
// other message, at least 0 and at most ring_large_bytes. It does from the upper end on, until the lower end is reached. So
// taking the memory costs little beside what it is taken for, and a mixture of sizes does not make the ring turn all the time.
void MessageWriter::Weigh(size_t message_bytes) {
  if (message_bytes > ring_bytes) {
    bulk_bytes_ = std::min(bulk_bytes_ + message_bytes, ring_large_bytes);
    wants_large_ = wants_large_ || bulk_bytes_ == ring_large_bytes;
    return;
  }
  bulk_bytes_ -= std::min(bulk_bytes_, ring_small_message_weight);
  wants_large_ = wants_large_ && bulk_bytes_ > 0;
  RingWriter& out = end_->out;
  if (out.large() && !wants_large_ && !waits() && !out.ReaderIsHere() && out.MayTurn()) out.Turn();
}

// Makes the ring large if bulk wants it, or if both sides share a processor: the ring was full, and the reader emptied it on
// this thread's processor. Then only one of them runs at a time, and each switch between them takes as long as other threads
// there delay it, so the ring is wide, too, until it is next full. True: nothing may be written before the ring turns. That is
// soon, because the reader reports at once that it has read everything if it knows that a payload is incomplete; hence the
// header goes first.
bool MessageWriter::PrepareRing(const Outgoing& next) {
  RingWriter& out = end_->out;
  if (full_ && out.Room(1) == 0) return false;  // until the reader moves, nothing is new
  const bool was_full = std::exchange(full_, false), crowded = was_full && out.ReaderIsHere();
  const bool bulk = wants_large_ && next.bytes > ring_bytes;
  needed_large_ = needed_large_ || bulk || crowded;
  if (!out.large() && (bulk || (crowded && out.MayTurn()))) {
    if (!end_->TakeLargeMemory()) {
      ForgetBulk();  // asks again after as much
    } else if (out.MayTurn()) {
      out.Turn();
    } else if (next.sent >= next.head.size()) {
      return true;
    }
  }
  if (was_full) out.SetWide(crowded);
  return false;
}

void MessageWriter::ForgetBulk() {
  bulk_bytes_ = 0;
  wants_large_ = false;
}

void MessageWriter::WriteSome(Outgoing& next, size_t bytes) {
  next.sent += bytes;
  const auto put = [this, &next, bytes](base::Stores stores) {
    for (size_t left = bytes; left > 0;) {
      std::string_view& piece = next.pieces[next.first_left];
      const size_t count = std::min(left, piece.size());
      end_->out.Put(piece.substr(0, count), next.first_left == 0 ? base::Stores::kCached : stores);
      left -= count;
      piece.remove_prefix(count);
      if (piece.empty()) ++next.first_left;
    }
  };
  if (end_->out.ReaderIsHere()) return put(base::Stores::kCached);  // both sides use the same caches
  pace_.StorePiece(bytes, put);
}

void MessageWriter::GiveUnusedBack() {
  if (std::exchange(needed_large_, false) || waits()) return;  // a ring may turn small only between messages
  end_->GiveLargeMemoryBack();
  ForgetBulk();
}

void MessageWriter::End(const Status& why) {
  for (Outgoing& each : std::exchange(unsent_, {})) {
    if (each.ended) each.ended(why);
  }
}

}  // namespace remote_dram::net
