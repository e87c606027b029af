// RingPair: the basis of a data path over rings: memory for two rings, and a pair of Unix sockets. Each socket already holds
// a descriptor of the memory, ready to be received.
//
// Memory: a sealed memfd, made together with the pair; each end maps it by itself. No page of it is allocated before an end
// is received. A small ring that has not been large needs only ring_bytes.
// Threads: plain functions and values. Failure: RESOURCE_EXHAUSTED if the system gives no descriptor or memory;
// INVALID_ARGUMENT if a received socket is of another kind, or holds no such memory.
// Limits: ring_bytes or ring_large_bytes in each direction. This process keeps the memory of at most large_rings_max large
// rings to write, 128 MiB in all, because a peer can have it make them large: it asks for much, or says that it runs on the
// same processor.
// The size of the ring that this process reads is up to the peer. So each pair whose end was received may take up to
// pair_memory_bytes, for as long as the peer keeps it. A check here could not prevent that: a peer with the descriptor can
// fill the memory itself.
#ifndef REMOTE_DRAM_NET_RING_PAIR_H_
#define REMOTE_DRAM_NET_RING_PAIR_H_

#include <cstdint>
#include <memory>

#include "base/descriptor.h"
#include "base/sealed_memory.h"
#include "net/byte_ring.h"
#include "remote_dram/status.h"

namespace remote_dram::net {

// One end for this side, and one for the peer, which receives it over a control channel.
struct RingPair {
  base::Descriptor own, peers;
  static Result<RingPair> Make();
};

// The memory begins with the words of both rings; their data follows. Each end receives a byte with the number of the ring
// that it writes.
struct PairWords {
  RingWords rings[2];
};
inline constexpr uint64_t kPairDataOffset = 4096;
inline constexpr uint64_t pair_memory_bytes = kPairDataOffset + 2 * ring_large_bytes;

inline constexpr int large_rings_max = 32;

// The two rings, from the point of view of one end.
struct PairEnd {
  std::shared_ptr<base::SealedMemory> memory;
  uint64_t out_offset;  // where the data of `out` begins in the memory
  RingWriter out;
  RingReader in;
  std::shared_ptr<void> large{};  // counts against large_rings_max while `out` has the memory of a large ring
  static Result<PairEnd> Receive(const base::Descriptor& socket);

  // Takes the memory for a large ring `out`, unless it has it; the ring may then turn. False: the system has none, or this
  // process already has large_rings_max.
  bool TakeLargeMemory();
  // Turns the ring `out` if it is large, and gives the memory back, unless the ring may not turn now.
  void GiveLargeMemoryBack();
};

}  // namespace remote_dram::net

#endif  // REMOTE_DRAM_NET_RING_PAIR_H_
