// Options: what a spec and its context say, checked, and as the options of a server or a client.
//
// Memory and threads: plain values and pure functions.
// Failure: INVALID_ARGUMENT that names the member and its value. What only the one who opens can see (an address
// that is none, a port that is taken) is told then.
// Limits: timeout_max; server_threads_max; view_bytes_min.
#ifndef REMOTE_DRAM_DRIVER_CORE_OPTIONS_H_
#define REMOTE_DRAM_DRIVER_CORE_OPTIONS_H_

#include <chrono>
#include <cstdint>
#include <string>

#include "remote_dram/client.h"
#include "remote_dram/server.h"

namespace remote_dram::driver {

inline constexpr std::chrono::milliseconds timeout_max = std::chrono::hours(24 * 365);

// Smaller values are copied out of a mapping: views are few (views_max).
inline constexpr uint64_t view_bytes_min = 64 << 10;

// The members of a spec. Exactly one of the addresses is given.
struct Addresses {
  std::string listen_addr;  // HOST:PORT or unix:PATH
  std::string remote_addr;
  OnRestart on_restart = OnRestart::kFail;  // only with remote_addr
};
Status Check(const Addresses& addresses);

// The members of the context resource.
struct Settings {
  // Of both: a file, for TCP; empty: none.
  std::string credentials_file;
  // Of who lends.
  uint64_t memory_limit_bytes = ServerOptions().memory_limit_bytes;
  int threads = ServerOptions().threads;
  // Of who uses.
  std::string path = "auto";
  std::chrono::milliseconds connect_timeout = connect_timeout_default;
  std::chrono::milliseconds timeout = timeout_default;
  uint64_t view_limit_bytes = 256 << 20;
};
Result<ServerOptions> LendOptions(const std::string& listen_addr, const Settings& settings);
Result<ClientOptions> UseOptions(OnRestart on_restart, const Settings& settings);

// How a range of a value is read: as a view only if it is the whole, for a part would keep all of it, and need not be
// aligned.
GetOptions GetOptionsOf(const ByteRange& range, const Settings& settings);

}  // namespace remote_dram::driver

#endif  // REMOTE_DRAM_DRIVER_CORE_OPTIONS_H_
