// Options: checks the members of a spec and its context, and translates them to the options of a server or client.
//
// Memory and threads: plain values and pure functions.
// Failure: INVALID_ARGUMENT that names the member and its value. Errors that only opening can reveal (a malformed address,
// a port in use) are reported then.
// Limits: timeout_max; server_threads_max; view_bytes_min.
#ifndef REMOTE_DRAM_DRIVER_CORE_OPTIONS_H_
#define REMOTE_DRAM_DRIVER_CORE_OPTIONS_H_

#include <chrono>
#include <cstdint>
#include <string>

#include "remote_dram/client.h"
#include "remote_dram/limits.h"
#include "remote_dram/server.h"

namespace remote_dram::driver {

// Smaller values are copied, because the number of views is limited (views_max).
inline constexpr uint64_t view_bytes_min = 64 << 10;

// The members of a spec. Exactly one of the two addresses must be given.
struct Addresses {
  std::string listen_addr;  // HOST:PORT or unix:PATH: lend this process's memory there
  std::string remote_addr;  // HOST:PORT or unix:PATH: use the server there
  OnRestart on_restart = OnRestart::kFail;  // only with remote_addr
};
Status Check(const Addresses& addresses);

// The members of the context resource.
struct Settings {
  // For servers and clients: the credentials for TCP; empty: none.
  std::string credentials_file;
  // For servers.
  uint64_t memory_limit_bytes = ServerOptions().memory_limit_bytes;
  int threads = ServerOptions().threads;
  // For clients.
  std::string path = "auto";
  std::chrono::milliseconds connect_timeout = connect_timeout_default;
  std::chrono::milliseconds timeout = timeout_default;
  uint64_t view_limit_bytes = 256 << 20;
};
Result<ServerOptions> LendOptions(const std::string& listen_addr, const Settings& settings);
Result<ClientOptions> UseOptions(OnRestart on_restart, const Settings& settings);

// The options to read a range of a value. Only a whole value may be a view: a view of a part would keep the whole value
// in the server's memory, and might not be aligned.
GetOptions GetOptionsOf(const ByteRange& range, const Settings& settings);

}  // namespace remote_dram::driver

#endif  // REMOTE_DRAM_DRIVER_CORE_OPTIONS_H_
