// RingPair: what two ends of a data path share before there is any: memory for two rings, and a pair of Unix sockets, in
// both of which the memory lies as a descriptor, to be received.
//
// Memory: the memory is a sealed memfd, made by who makes the pair; each end maps it for itself. Nothing of it is taken from
// the system before an end is received, and of a ring that is small only ring_bytes.
// Threads: plain functions and values. Failure: RESOURCE_EXHAUSTED: the system gives no descriptor or memory;
// INVALID_ARGUMENT: what came is no such socket, or has no such memory in it.
// Limits: ring_bytes or ring_large_bytes each way; large_rings_max that this process writes, 128 MiB in all: a peer says
// where it runs, and may lie. How large the ring is that this process reads the peer alone says, and whether he has taken
// the memory; so of each pair whose end was received pair_memory_bytes may be taken, for as long as the peer keeps it.
// To refuse him would not change that: who has the descriptor can fill the memory himself.
#ifndef REMOTE_DRAM_NET_RING_PAIR_H_
#define REMOTE_DRAM_NET_RING_PAIR_H_

#include <cstdint>
#include <memory>

#include "base/descriptor.h"
#include "base/sealed_memory.h"
#include "net/byte_ring.h"
#include "remote_dram/status.h"

namespace remote_dram::net {

// One end for the peer, who gets it by a control channel, and one for this side.
struct RingPair {
  base::Descriptor own, peers;
  static Result<RingPair> Make();
};

// In that memory: the words of both rings, then the data of both. Each end receives a byte that says which it writes.
struct PairWords {
  RingWords rings[2];
};
inline constexpr uint64_t kPairDataOffset = 4096;
inline constexpr uint64_t pair_memory_bytes = kPairDataOffset + 2 * ring_large_bytes;

inline constexpr int large_rings_max = 32;

// The rings as one end has them.
struct PairEnd {
  std::shared_ptr<base::SealedMemory> memory;
  uint64_t out_offset;  // of its data in the memory
  RingWriter out;
  RingReader in;
  std::shared_ptr<void> large{};  // one of large_rings_max, while `out` is large
  static Result<PairEnd> Receive(const base::Descriptor& socket);

  // The ring that is written turns, with the memory that it needs. Nothing happens where it may not, there is none, or
  // this process has large_rings_max already.
  void MakeOutLarge();
  void MakeOutSmall();
};

}  // namespace remote_dram::net

#endif  // REMOTE_DRAM_NET_RING_PAIR_H_
