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
  if (out.large() && unsent_.empty() && !out.ReaderIsHere()) end_->MakeOutSmall();
  if (unsent_.empty() && bytes <= ring_piece_bytes_max && out.Room(bytes) >= bytes) {
    out.Put(prefix_bytes);
    out.Put(header);
    for (const std::string_view piece : payload) out.Put(piece);
    if (out.Publish()) bell_->Ring();
    return nullptr;
  }
  Outgoing& next = unsent_.emplace_back();
  next.head = std::string(prefix_bytes).append(header);
  next.payload.assign(payload.begin(), payload.end());
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
  JudgeSize();
  while (!unsent_.empty() && budget > 0) {
    Outgoing& next = unsent_.front();
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

// If the ring was full, and the reader emptied it on this thread's processor, both sides share that processor. Then only one
// of them runs at a time, and each switch between them takes as long as other threads there delay it. A large ring needs
// fewer switches.
void MessageWriter::JudgeSize() {
  if (std::exchange(full_, false) && end_->out.ReaderIsHere()) end_->MakeOutLarge();
}

void MessageWriter::WriteSome(Outgoing& next, size_t bytes) {
  size_t skip = next.sent;
  next.sent += bytes;
  const auto put = [this, &skip, &bytes](std::string_view piece) {
    const size_t skipped = std::min(skip, piece.size());
    skip -= skipped;
    piece = piece.substr(skipped, bytes);
    bytes -= piece.size();
    end_->out.Put(piece);
  };
  put(next.head);
  for (const std::string_view piece : next.payload) put(piece);
}

void MessageWriter::End(const Status& why) {
  for (Outgoing& each : std::exchange(unsent_, {})) {
    if (each.ended) each.ended(why);
  }
}

}  // namespace remote_dram::net
