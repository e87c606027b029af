// Bounce buffers: memory that a client writes and its server reads, for the payloads of large requests.
//
// They lie behind the pages of pins and of their end (mapped.h). A request whose code is payload_bounced has a Piece before its
// verb's struct, and no payload: how many bytes that would have, and where the first of them lie, if any do yet. The
// others follow in messages of the verb kPiece with the same request number, in order. One without bytes gives the
// request up.
// The client writes into a buffer again when the server has answered for it: a piece that is the whole payload
// with the answer to its request, any other with a PieceReply.
// Memory, threads, failure: see codec.h. Limits: bounce_bytes_max.
#ifndef REMOTE_DRAM_WIRE_BOUNCE_H_
#define REMOTE_DRAM_WIRE_BOUNCE_H_

#include <cstddef>
#include <cstdint>

#include "wire/mapped.h"

namespace remote_dram::wire {

// So much memory may one client have for it.
inline constexpr uint64_t bounce_bytes_max = uint64_t{16} << 20;
inline constexpr uint64_t kBounceOffset = mapped_page_bytes;

// In MessageHeader::code of a request.
inline constexpr uint16_t payload_bounced = 1;

struct Piece {
  uint64_t offset = 0;  // from kBounceOffset
  uint64_t bytes = 0;
  uint64_t payload_bytes = 0;  // of all pieces together
  const char* Fault(size_t tail_bytes) const;
};

struct PieceReply {
  uint64_t offset = 0;  // of the piece that has been read
  const char* Fault(size_t tail_bytes) const;
};

static_assert(sizeof(Piece) == 24 && sizeof(PieceReply) == 8);
static_assert(kBounceOffset % 4096 == 0, "it is mapped from there on");

}  // namespace remote_dram::wire

#endif  // REMOTE_DRAM_WIRE_BOUNCE_H_
