// How long a Unix socket's path may be: one limit for addresses, for what WELCOME names, and for the gateway.
//
// Memory, threads, failure: a number. Limits: that of unix(7), less the zero that ends a file's path.
#ifndef REMOTE_DRAM_BASE_UNIX_SOCKET_H_
#define REMOTE_DRAM_BASE_UNIX_SOCKET_H_

#include <cstddef>

namespace remote_dram::base {

inline constexpr size_t socket_path_bytes_max = 107;

}  // namespace remote_dram::base

#endif  // REMOTE_DRAM_BASE_UNIX_SOCKET_H_
