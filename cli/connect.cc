// The flags --server, --credentials, --path and --timeout, and connecting as they say.
#include "cli/connect.h"

#include <optional>
#include <string_view>

#include "cli/flags.h"
#include "cli/text.h"
#include "remote_dram/server.h"

namespace remote_dram::cli {
namespace {

Result<Path> ParsePath(std::string_view text) {
  if (const std::optional<Path> path = PathNamed(text)) return *path;
  return Status(StatusCode::kInvalidArgument, Quoted(text) + " is none of auto, mapped, shm, socket and tcp");
}

std::string Seconds(std::chrono::milliseconds time) { return std::to_string(time.count() / 1000); }

}  // namespace

void AddServerFlags(CLI::App& app, const Environment& environment, ServerFlags* flags) {
  flags->address = environment.server.empty()
                       ? "unix:" + DefaultSocketPath(environment.xdg_runtime_dir.c_str())
                       : environment.server;
  app.add_option("--server", flags->address,
                 "HOST:PORT or unix:PATH; else REMOTE_DRAM_SERVER; else this user's socket")
      ->type_name("ADDR")
      ->capture_default_str();
  flags->credentials_file = environment.credentials;
  app.add_option("--credentials", flags->credentials_file,
                 "a file whose first line NAME:HEX proves who this is, over TCP; else REMOTE_DRAM_CREDENTIALS;\n"
                 "else, or if it is empty, none")
      ->type_name("FILE");
  AddParsed(app, "--path", ParsePath, &flags->path,
            "how the data travels: auto (the best that works), mapped (reads come out of the server's\n"
            "memory without a message), socket (rings in shared memory, from the Unix socket), shm (UCX's shared\n"
            "memory) or tcp")
      ->type_name("PATH")
      ->default_str("auto");
  AddParsed(app, "--timeout", ParseTimeout, &flags->timeout,
            "how long to wait for the connection (else " + Seconds(connect_timeout_default) +
                ") and for each answer (else " + Seconds(timeout_default) + ")")
      ->type_name("SECONDS");
}

Result<Client> Connect(const ServerFlags& flags, const LogFunction& log, OnRestart on_restart) {
  ClientOptions options;
  if (log) options.context = Context::Create({log});
  options.credentials_file = flags.credentials_file;
  options.path = flags.path;
  options.on_restart = on_restart;
  if (flags.timeout) options.connect_timeout = options.timeout = *flags.timeout;
  return Client::Connect(flags.address, options);
}

}  // namespace remote_dram::cli
