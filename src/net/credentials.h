// Credentials: the names and secrets in a file, by which a server and its clients authenticate each other.
//
//   # one NAME:HEX on a line; a server accepts any of them, a client uses the first
//   lab-2026:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
//
// Memory: plain values. Threads: pure functions; ReadCredentials blocks for as long as the file system does.
// Failure: every error names the file. PERMISSION_DENIED if others than its owner may access it, it belongs to another
// user, or it may not be opened; FAILED_PRECONDITION if it cannot be read otherwise, or is not a regular file;
// INVALID_ARGUMENT, with the number of the line, if it does not have the form above.
// No error quotes the content of a line, because it may be a secret.
// Limits: credentials_file_bytes_max, credential_name_bytes_max, secret_bytes_min, secret_bytes_max.
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
  std::string secret;  // the bytes, not their hexadecimal digits
};

// Returns at least one credential; no name occurs twice. `file` is only for error texts.
Result<std::vector<Credential>> ParseCredentials(std::string_view text, const std::string& file);

Result<std::vector<Credential>> ReadCredentials(const std::string& file);

}  // namespace remote_dram::net

#endif  // REMOTE_DRAM_NET_CREDENTIALS_H_
