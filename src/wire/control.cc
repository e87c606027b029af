// The checks of control frames: each Fault refuses what no correct peer sends.
#include "wire/control.h"

#include "base/key_hash.h"
#include "base/unix_socket.h"
#include "remote_dram/status.h"

namespace remote_dram::wire {

const char* ControlHeader::Fault(size_t) const {
  if (magic != kControlMagic) return "the magic number is wrong";
  if (reserved != 0) return "reserved bytes are not zero";
  return nullptr;
}

const char* HelloVersions::Fault(size_t) const {
  return version_min == 0 || version_min > version_max ? "the range of versions is empty" : nullptr;
}

const char* Hello::Fault(size_t tail_bytes) const {
  if (const char* fault = HelloVersions{version_min, version_max, reserved}.Fault(tail_bytes)) return fault;
  return Attached{reserved}.Fault(tail_bytes);
}

const char* Welcome::Fault(size_t tail_bytes) const {
  if (version == 0) return "the version is zero";
  if (incarnation == 0) return "the incarnation is zero";
  if (token == 0) return "the token is zero";
  if (!client.known()) return "the client has no id";
  if (requests_in_flight_max == 0) return "no requests are allowed";
  if (socket_path_bytes > base::socket_path_bytes_max) return "the path of its Unix socket is longer than any";
  if (uint64_t{host_identity_bytes} + shm_address_bytes + socket_path_bytes != tail_bytes) {
    return "the tail has another size than announced";
  }
  return nullptr;
}

const char* Refused::Fault(size_t tail_bytes) const {
  if (code == 0 || code > static_cast<uint32_t>(kStatusCodeMax)) return "the code is not one of an error";
  if (message_bytes != tail_bytes) return "the message has another size than announced";
  return nullptr;
}

const char* Attach::Fault(size_t tail_bytes) const {
  if (path < static_cast<uint32_t>(DataPath::kShm) || path > static_cast<uint32_t>(DataPath::kRings)) {
    return "the path is unknown";
  }
  if (address_bytes != tail_bytes) return "the address has another size than announced";
  if ((path == static_cast<uint32_t>(DataPath::kShm)) != (address_bytes != 0)) {
    return "shared memory needs an address, the other paths have none";
  }
  return nullptr;
}

const char* Bye::Fault(size_t tail_bytes) const { return Attached{reserved}.Fault(tail_bytes); }

const char* Map::Fault(size_t tail_bytes) const {
  if (incarnation == 0) return "the incarnation is zero";
  return tail_bytes != 0 ? "bytes follow where none are expected" : nullptr;
}

const char* Mapped::Fault(size_t tail_bytes) const {
  if (index_bytes == 0) return "the index has no bytes";
  return tail_bytes != 0 ? "bytes follow where none are expected" : nullptr;
}

const char* Rings::Fault(size_t tail_bytes) const {
  if (made > 1) return "neither made nor not made";
  return tail_bytes != 0 ? "bytes follow where none are expected" : nullptr;
}

const char* Want::Fault(size_t tail_bytes) const { return Attached{reserved}.Fault(tail_bytes); }
const char* Segment::Fault(size_t tail_bytes) const { return Attached{reserved}.Fault(tail_bytes); }
const char* Dropped::Fault(size_t tail_bytes) const { return Attached{reserved}.Fault(tail_bytes); }

uint64_t MapProof(const ClientId& client, MapSide side, uint64_t nonce) {
  std::string text;
  Append(&text, Attached{static_cast<uint64_t>(side)});
  Append(&text, Attached{nonce});
  return base::KeyHash({client.secret_low, client.secret_high}, text);
}

const char* Attached::Fault(size_t tail_bytes) const {
  if (reserved != 0) return "reserved bytes are not zero";
  return tail_bytes != 0 ? "bytes follow where none are expected" : nullptr;
}

}  // namespace remote_dram::wire
