// Address: the location of a server's control port, HOST:PORT (IPv4) or unix:PATH.
//
// Memory and threads: plain values; Resolve blocks for as long as the system's resolver takes.
// Failure: INVALID_ARGUMENT with the address and what is wrong with it; UNAVAILABLE for unknown host names.
// Limits: base::socket_path_bytes_max.
#ifndef REMOTE_DRAM_NET_ADDRESS_H_
#define REMOTE_DRAM_NET_ADDRESS_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "remote_dram/status.h"

namespace remote_dram::net {

struct Address {
  std::string host;   // TCP: as the user gave it
  uint16_t port = 0;  // TCP
  std::string path;   // Unix: of a file, or '@' and a name in the abstract namespace, see unix(7); empty for TCP

  bool is_unix() const { return !path.empty(); }
  bool is_file() const { return is_unix() && path.front() != '@'; }
  std::string ToString() const;
};

Result<Address> ParseAddress(std::string_view text);

// Returns the address with its host resolved to a dotted quad. IPv4 only, because TCP in UCX 1.13 is not safe with IPv6.
Result<Address> Resolve(const Address& address);

}  // namespace remote_dram::net

#endif  // REMOTE_DRAM_NET_ADDRESS_H_
