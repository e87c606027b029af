// Credentials: the names and secrets of a file, by which a server and its clients know each other.
//
//   # one NAME:HEX on a line; a server takes any of them, a client uses the first
//   lab-2026:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
//
// Memory: plain values. Threads: pure functions; ReadCredentials blocks for as long as the file system does.
// Failure: every reason names the file: PERMISSION_DENIED if others than its owner could read it, or it is another
// user's; FAILED_PRECONDITION if it cannot be read; INVALID_ARGUMENT, with the line, if it is not what is above.
// No reason quotes what stands in a line: it may be a secret.
// Limits: below.
#ifndef REMOTE_DRAM_NET_CREDENTIALS_H_
#define REMOTE_DRAM_NET_CREDENTIALS_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "remote_dram/status.h"

namespace remote_dram::net {

inline constexpr size_t credentials_file_bytes_max = 64 * 1024;
inline constexpr size_t credential_name_bytes_max = 64;
inline constexpr size_t secret_bytes_min = 16;
inline constexpr size_t secret_bytes_max = 64;

struct Credential {
  std::string name;
  std::string secret;  // the bytes, not their digits
};

// At least one, and no name twice.
Result<std::vector<Credential>> ParseCredentials(std::string_view text, const std::string& file);

Result<std::vector<Credential>> ReadCredentials(const std::string& file);

}  // namespace remote_dram::net

#endif  // REMOTE_DRAM_NET_CREDENTIALS_H_
