// What no correct peer sends of its bounce buffers.
#include "wire/bounce.h"

namespace remote_dram::wire {

const char* Piece::Fault(size_t tail_bytes) const {
  if (tail_bytes != 0) return "bytes follow where none are expected";
  if (offset > bounce_bytes_max || bytes > bounce_bytes_max) return "a piece lies beyond bounce_bytes_max";
  return bytes > payload_bytes ? "a piece has more bytes than its payload" : nullptr;
}

const char* PieceReply::Fault(size_t tail_bytes) const {
  return tail_bytes != 0 ? "bytes follow where none are expected" : nullptr;
}

}  // namespace remote_dram::wire
