// Options: the checks, and the translation to the options of servers and clients.
#include "driver/core/options.h"

#include <optional>
#include <string_view>

namespace remote_dram::driver {
namespace {

Status Invalid(const std::string& message) { return Status(StatusCode::kInvalidArgument, message); }

Status CheckTimeout(std::string_view name, std::chrono::milliseconds timeout) {
  if (timeout.count() >= 1 && timeout <= timeout_max) return Status();
  return Invalid("\"" + std::string(name) + "\" is " + std::to_string(timeout.count()) +
                 " ms; it must be 1 ms to timeout_max (" + std::to_string(timeout_max.count()) + " ms)");
}

}  // namespace

Status Check(const Addresses& addresses) {
  const bool lends = !addresses.listen_addr.empty(), uses = !addresses.remote_addr.empty();
  if (!lends && !uses) {
    return Invalid(
        "remote_dram: neither \"listen_addr\" (to lend this process's memory) nor \"remote_addr\" (to use another's) "
        "is given");
  }
  if (lends && uses) {
    return Invalid("remote_dram: both \"listen_addr\" (\"" + addresses.listen_addr + "\") and \"remote_addr\" (\"" +
                   addresses.remote_addr + "\") are given; exactly one is possible");
  }
  if (lends && addresses.on_restart != OnRestart::kFail) {
    return Invalid("remote_dram: \"on_restart\" belongs to \"remote_addr\", and \"listen_addr\" is given");
  }
  return Status();
}

Result<ServerOptions> LendOptions(const std::string& listen_addr, const Settings& settings) {
  constexpr std::string_view kUnixPrefix = "unix:";
  ServerOptions options;
  if (std::string_view(listen_addr).substr(0, kUnixPrefix.size()) == kUnixPrefix) {
    options.socket_path = listen_addr.substr(kUnixPrefix.size());
    if (options.socket_path.empty()) return Invalid("\"listen_addr\" is \"unix:\", without a path");
  } else {
    options.listen_addr = listen_addr;
  }
  if (settings.memory_limit_bytes == 0) return Invalid("\"memory_limit\" is 0 bytes");
  if (settings.threads < 1 || settings.threads > server_threads_max) {
    return Invalid("\"threads\" is " + std::to_string(settings.threads) + "; it must be 1 to server_threads_max (" +
                   std::to_string(server_threads_max) + ")");
  }
  options.credentials_file = settings.credentials_file;
  options.memory_limit_bytes = settings.memory_limit_bytes;
  options.threads = settings.threads;
  return options;
}

Result<ClientOptions> UseOptions(OnRestart on_restart, const Settings& settings) {
  ClientOptions options;
  const std::optional<Path> path = PathNamed(settings.path);
  if (!path) {
    return Invalid("\"path\" is \"" + settings.path + "\"; it must be \"auto\", \"mapped\", \"shm\", \"socket\" or \"tcp\"");
  }
  options.path = *path;
  if (Status status = CheckTimeout("timeout", settings.timeout); !status.ok()) return status;
  if (Status status = CheckTimeout("connect_timeout", settings.connect_timeout); !status.ok()) return status;
  options.credentials_file = settings.credentials_file;
  options.on_restart = on_restart;
  options.timeout = settings.timeout;
  options.connect_timeout = settings.connect_timeout;
  return options;
}

GetOptions GetOptionsOf(const ByteRange& range, const Settings& settings) {
  GetOptions options;
  options.range = range;
  options.view = range.full();
  options.view_bytes_min = view_bytes_min;
  options.view_bytes_max = settings.view_limit_bytes;
  return options;
}

}  // namespace remote_dram::driver
