// The frames of the control channel, which set up a connection. doc/protocol.md describes their order in full.
//
//   client                              server
//     HELLO {versions, client}    ──►
//                                 ◄──  WELCOME {version, incarnation, token, ways} or REFUSED
//     ATTACH {path, address}      ──►
//                                 ◄──  ATTACHED or REFUSED
//     (then the data path begins with a JOIN; the control channel stays open as the lifeline)
//     BYE                         ──►   (optional: the client leaves and will not return)
//
// A client that wants to map the server's memory opens a second connection, to the server's Unix socket. It stays open
// for as long as the client reads that memory, or holds a view of it ("+" stands for a descriptor that is passed along):
//
//     MAP {who, proof} + memory   ──►      the client's page of pins
//                                 ◄──  MAPPED {proof} + index, or REFUSED
//                                 ◄──  SEGMENT + memory      for each segment, later for each WANT
//     WANT                        ──►
//     RINGS                       ──►      if the client's first connection cannot carry descriptors
//                                 ◄──  RINGS + socket
//                                 ◄──  DROPPED
//     DROPPED                     ──►      when the client has unmapped the segment
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

// Identifies a client over all its connections to one incarnation of a server, which draws id and secret at random. A client
// that reconnects with the right secret gets the replies that it missed. All zero: no id yet.
struct ClientId {
  uint64_t id_high = 0;
  uint64_t id_low = 0;
  uint64_t secret_high = 0;
  uint64_t secret_low = 0;

  bool known() const { return id_high != 0 || id_low != 0; }
};
static_assert(sizeof(ClientId) == 32);

// The first bytes of HELLO in every version of the protocol. They are checked before the rest, whose layout depends on the
// version.
struct HelloVersions {
  uint16_t version_min = 0;
  uint16_t version_max = 0;
  uint32_t rest = 0;  // the beginning of the rest; never read
  const char* Fault(size_t tail_bytes) const;
};

struct Hello {
  uint16_t version_min = protocol_version_min;
  uint16_t version_max = protocol_version_max;
  uint32_t reserved = 0;
  ClientId client{};  // all zero: the client asks for a new one
  const char* Fault(size_t tail_bytes) const;
};

// Bits of Welcome::features. The server lets clients on its host map its memory.
inline constexpr uint64_t kFeatureMapped = 1;
// The server offers rings as the data path. It passes them over this connection if that is a Unix socket, else over the
// connection for the mapping.
inline constexpr uint64_t kFeatureRings = 2;
// The server accepts bundles: several requests in one message.
inline constexpr uint64_t kFeatureBundle = 4;

// Tail: the host identity; the address of the server's shared-memory fabric; and the socket at which clients on its host ask
// for the mapping: the path of its Unix socket, or '@' and the name of a socket in the abstract namespace, which accepts
// only MAP as its first frame.
struct Welcome {
  uint16_t version = protocol_version_max;
  uint16_t tcp_port = 0;  // of the TCP fabric; 0: no data path over TCP
  uint32_t tcp_host = 0;  // IPv4 in network order; 0: the host that the control channel leads to
  uint64_t features = 0;
  uint64_t incarnation = 0;
  uint64_t token = 0;  // identifies the session in every message of the data path
  uint32_t requests_in_flight_max = 0;
  uint32_t host_identity_bytes = 0;
  uint32_t shm_address_bytes = 0;  // 0: no data path over shared memory
  uint32_t socket_path_bytes = 0;  // at most base::socket_path_bytes_max; 0: only the socket of this connection, if any
  ClientId client{};  // the id from HELLO if the server remembers it, else a new one
  const char* Fault(size_t tail_bytes) const;
};

// Tail: the reason, for people.
struct Refused {
  uint32_t code = 0;  // StatusCode
  uint32_t message_bytes = 0;
  const char* Fault(size_t tail_bytes) const;
};

enum class DataPath : uint32_t { kShm = 1, kTcp = 2, kRings = 3 };

// Tail: for kShm the address of the client's fabric, which the server needs to reach it. For kRings over a Unix socket, the
// reply carries the client's end of a pair of Unix sockets, through which the memory of two rings is passed; over TCP the
// client must have asked for that socket before, see Rings.
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

// Passes the page of pins. Each side proves to the other that it knows the client's secret, which WELCOME gave to the
// client; see MapProof.
struct Map {
  uint64_t incarnation = 0;
  uint64_t id_high = 0;  // of the ClientId, without the secret
  uint64_t id_low = 0;
  uint64_t nonce = 0;  // lower half: random; upper half: higher than in all earlier MAPs of this client
  uint64_t proof = 0;
  const char* Fault(size_t tail_bytes) const;
};

// Passes the memory of the index.
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

// Passes the memory of the segment, if there is one.
struct Segment {
  uint64_t bytes = 0;  // 0: no segment has this number any more; no descriptor comes with the frame
  uint32_t segment = 0;
  uint32_t reserved = 0;
  const char* Fault(size_t tail_bytes) const;
};

// Server: the segment is empty, and its memory returns to the system when all clients have unmapped it. Client: confirms
// with the same frame that it has.
struct Dropped {
  uint32_t segment = 0;
  uint32_t reserved = 0;
  const char* Fault(size_t tail_bytes) const;
};

// Request: asks for a pair of sockets with rings, as a data path for the client's first connection. Reply: passes the
// client's end. The server drops what it still keeps of earlier pairs.
struct Rings {
  uint64_t made = 0;  // in a reply: 1: the rings are passed; 0: the server gives none
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
