// The maximum length of a Unix socket's path: one limit for addresses, for the path in a WELCOME, and for the gateway.
//
// Memory, threads, failure: a constant. Limits: sun_path of unix(7), 108 bytes, less its terminating zero.
#ifndef REMOTE_DRAM_BASE_UNIX_SOCKET_H_
#define REMOTE_DRAM_BASE_UNIX_SOCKET_H_

#include <cstddef>

namespace remote_dram::base {

inline constexpr size_t socket_path_bytes_max = 107;

}  // namespace remote_dram::base

#endif  // REMOTE_DRAM_BASE_UNIX_SOCKET_H_
