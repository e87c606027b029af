// Bounced: check, copy, end.
#include "server/bounced.h"

#include <utility>

#include "base/copy_bytes.h"

namespace remote_dram::server {

void Bounced::Clear() {
  arriving_.clear();
  buffers_.reset();
}

const char* Bounced::Check(const wire::Piece& piece) const {
  if (!open()) return "a piece in bounce buffers that are not there";
  const uint64_t room = buffers_->bytes().size();
  return piece.offset > room || piece.bytes > room - piece.offset ? "a piece lies beyond the bounce buffers" : nullptr;
}

void Bounced::Begin(uint64_t request, const wire::Piece& piece, char* to, net::TransferEnded ended) {
  base::CopyBytes(to, Bytes(piece));
  arriving_[request] = {to, piece.bytes, piece.payload_bytes, std::move(ended)};
}

const char* Bounced::GoOn(uint64_t request, const wire::Piece& piece) {
  const auto found = arriving_.find(request);
  if (found == arriving_.end()) return nullptr;
  Arriving& arriving = found->second;
  if (piece.bytes > arriving.payload_bytes - arriving.bytes) return "more pieces than the payload has bytes";
  base::CopyBytes(arriving.to + arriving.bytes, Bytes(piece));
  arriving.bytes += piece.bytes;
  const bool given_up = piece.bytes == 0;
  if (!given_up && arriving.bytes < arriving.payload_bytes) return nullptr;
  net::TransferEnded ended = std::move(arriving.ended);
  arriving_.erase(found);
  ended(given_up ? Status(StatusCode::kCancelled, "the client gave it up") : Status());
  return nullptr;
}

}  // namespace remote_dram::server
