// The frames of the control channel: how a connection begins. doc/protocol.md tells the order.
//
//   client                              server
//     HELLO {versions, client}    ──►
//                                 ◄──  WELCOME {version, incarnation, token, ways} or REFUSED
//     ATTACH {path, address}      ──►
//                                 ◄──  ATTACHED or REFUSED
//     (then the data path begins with a JOIN; the control channel stays open as the lifeline)
//     BYE                         ──►   (optional: the client will not come again)
//
// A second connection, to the server's Unix socket, for a client that wants to read the server's memory. It
// stays open for as long as the client reads there, or holds a view:
//
//     MAP {who, proof} + memory   ──►      its page of pins
//                                 ◄──  MAPPED {proof} + index, or REFUSED
//                                 ◄──  SEGMENT + memory      of each segment, and then of each that is wanted
//     WANT                        ──►
//     RINGS                       ──►      if its first connection cannot carry descriptors
//                                 ◄──  RINGS + socket
//                                 ◄──  DROPPED
//     DROPPED                     ──►      when it has let go
//
// Memory, threads, failure: see codec.h. Limits: a frame has at most net::control_frame_bytes_max.
#ifndef REMOTE_DRAM_WIRE_CONTROL_H_
#define REMOTE_DRAM_WIRE_CONTROL_H_

#include <cstddef>
#include <cstdint>

#include "wire/codec.h"

namespace remote_dram::wire {

inline constexpr uint32_t kControlMagic = 0x4d524452;  // "RDRM" in memory order
inline constexpr uint16_t protocol_version_min = 1;
inline constexpr uint16_t protocol_version_max = 1;

enum class ControlType : uint16_t {
  kHello = 1,
  kWelcome = 2,
  kRefused = 3,
  kAttach = 4,
  kAttached = 5,
  kBye = 6,
  kMap = 7,
  kMapped = 8,
  kWant = 9,
  kSegment = 10,
  kDropped = 11,
  kRings = 12,
};

// Every frame begins with this.
struct ControlHeader {
  uint32_t magic = kControlMagic;
  uint16_t type = 0;
  uint16_t reserved = 0;
  const char* Fault(size_t tail_bytes) const;
};

// A client over all its connections to one incarnation; the server draws both halves. Who comes again and
// knows the secret gets the answers that it missed. All zero: none yet.
struct ClientId {
  uint64_t id_high = 0;
  uint64_t id_low = 0;
  uint64_t secret_high = 0;
  uint64_t secret_low = 0;

  bool known() const { return id_high != 0 || id_low != 0; }
};
static_assert(sizeof(ClientId) == 32);

// How HELLO begins in every version of the protocol: judged before the rest, which is of the version that both speak.
struct HelloVersions {
  uint16_t version_min = 0;
  uint16_t version_max = 0;
  uint32_t rest = 0;  // its beginning; never looked at
  const char* Fault(size_t tail_bytes) const;
};

struct Hello {
  uint16_t version_min = protocol_version_min;
  uint16_t version_max = protocol_version_max;
  uint32_t reserved = 0;
  ClientId client{};  // all zero: a new one
  const char* Fault(size_t tail_bytes) const;
};

// Of Welcome::features: the server lets clients on its host map its memory.
inline constexpr uint64_t kFeatureMapped = 1;
// The server has rings for the data path: by this connection, if it is a Unix socket's, else by the mapping's.
inline constexpr uint64_t kFeatureRings = 2;
// The server takes several requests in one message.
inline constexpr uint64_t kFeatureBundle = 4;

// Tail: host identity, the address of the server's shared-memory fabric, and where on its host it can be mapped: the path
// of its Unix socket, or '@' and the name of one in the abstract namespace, which takes nothing but MAP.
struct Welcome {
  uint16_t version = protocol_version_max;
  uint16_t tcp_port = 0;  // of the TCP fabric; 0: there is none
  uint32_t tcp_host = 0;  // IPv4 in network order; 0: the host of the control channel
  uint64_t features = 0;
  uint64_t incarnation = 0;
  uint64_t token = 0;  // names the session in every message of the data path
  uint32_t requests_in_flight_max = 0;
  uint32_t host_identity_bytes = 0;
  uint32_t shm_address_bytes = 0;  // 0: there is none
  uint32_t socket_path_bytes = 0;  // at most base::socket_path_bytes_max; 0: only where the client is, if at all
  ClientId client{};  // that of the HELLO, if the server remembers it; else a new one
  const char* Fault(size_t tail_bytes) const;
};

// Tail: the reason, for people.
struct Refused {
  uint32_t code = 0;  // StatusCode
  uint32_t message_bytes = 0;
  const char* Fault(size_t tail_bytes) const;
};

enum class DataPath : uint32_t { kShm = 1, kTcp = 2, kRings = 3 };

// Tail: the address of the client's fabric, which a server needs over shared memory. With kRings, over a Unix socket, the
// answer brings the client's end of a pair of Unix sockets, in which the memory of two rings lies; over TCP the client
// already has it, see Rings.
struct Attach {
  uint32_t path = 0;  // DataPath
  uint32_t address_bytes = 0;
  const char* Fault(size_t tail_bytes) const;
};

struct Attached {
  uint64_t reserved = 0;
  const char* Fault(size_t tail_bytes) const;
};

struct Bye {
  uint64_t reserved = 0;
  const char* Fault(size_t tail_bytes) const;
};

// With the page of pins. The secret of the client, which both sides have from the WELCOME, proves to each
// that the other is who it says; see MapProof.
struct Map {
  uint64_t incarnation = 0;
  uint64_t id_high = 0;  // the first half of the ClientId
  uint64_t id_low = 0;
  uint64_t nonce = 0;  // the lower half random, the upper one higher than in the client's MAPs before
  uint64_t proof = 0;
  const char* Fault(size_t tail_bytes) const;
};

// With the memory of the index.
struct Mapped {
  uint64_t proof = 0;
  uint64_t index_bytes = 0;
  const char* Fault(size_t tail_bytes) const;
};

struct Want {
  uint32_t segment = 0;
  uint32_t reserved = 0;
  const char* Fault(size_t tail_bytes) const;
};

// With the memory of the segment, unless there is none.
struct Segment {
  uint64_t bytes = 0;  // 0: there is no such segment any more
  uint32_t segment = 0;
  uint32_t reserved = 0;
  const char* Fault(size_t tail_bytes) const;
};

// The segment is empty, and goes back to the system when its clients let go of it; the client answers the same.
struct Dropped {
  uint32_t segment = 0;
  uint32_t reserved = 0;
  const char* Fault(size_t tail_bytes) const;
};

// Asks for a pair of sockets with rings, for a data path of the client's first connection. The answer brings the client's
// end; what the server keeps of earlier ones is dropped.
struct Rings {
  uint64_t made = 0;  // in an answer: 1: here they are; 0: there are none
  const char* Fault(size_t tail_bytes) const;
};

enum class MapSide : uint64_t { kClient = 1, kServer = 2 };
uint64_t MapProof(const ClientId& client, MapSide side, uint64_t nonce);

static_assert(sizeof(Map) == 40 && sizeof(Mapped) == 16 && sizeof(Want) == 8 && sizeof(Rings) == 8);
static_assert(sizeof(Segment) == 16 && sizeof(Dropped) == 8);
static_assert(sizeof(ControlHeader) == 8);
static_assert(sizeof(Hello) == 40);
static_assert(sizeof(Welcome) == 80);
static_assert(sizeof(Bye) == 8);
static_assert(sizeof(Refused) == 8);
static_assert(sizeof(Attach) == 8);
static_assert(sizeof(Attached) == 8);

// A whole frame: header, body, tail.
template <typename Body>
std::string ControlFrame(ControlType type, const Body& body, std::string_view tail = {}) {
  std::string frame;
  Append(&frame, ControlHeader{.type = static_cast<uint16_t>(type)});
  Append(&frame, body);
  return frame.append(tail);
}

}  // namespace remote_dram::wire

#endif  // REMOTE_DRAM_WIRE_CONTROL_H_
