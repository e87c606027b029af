// The messages between the bare UCX client and server.
//
// Memory: headers only; a value is the payload, or follows the struct in the header (`rides`) if it is small enough.
// Threads: none. Failure: none; both ends are this program.
#ifndef REMOTE_DRAM_BENCH_BOUND_BARE_MESSAGE_H_
#define REMOTE_DRAM_BENCH_BOUND_BARE_MESSAGE_H_

#include <cstddef>
#include <cstdint>
#include <string>

namespace remote_dram::bench {

inline constexpr unsigned kBareId = 1;
inline constexpr size_t ride_bytes_max = 4096;  // UCX 1.13 takes headers of 8,100 bytes

enum class BareVerb : uint8_t { kGet, kPut, kReadBack };

struct BareRequest {
  BareVerb verb;
  bool rides;
  uint16_t slot;
  uint32_t bytes;
};

struct BareReply {
  uint64_t slot;
};

}  // namespace remote_dram::bench

#endif  // REMOTE_DRAM_BENCH_BOUND_BARE_MESSAGE_H_
