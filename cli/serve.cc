// remote-dram serve: lends this machine's memory until it is told to stop.
#include <algorithm>
#include <memory>
#include <thread>

#include "cli/command.h"
#include "cli/file.h"
#include "cli/log.h"
#include "cli/signals.h"
#include "cli/text.h"
#include "remote_dram/server.h"

namespace remote_dram::cli {
namespace {

// Loops beyond this many bring nothing that a default should take.
constexpr int kDefaultThreadsMax = 4;

struct Flags {
  std::string listen_addr;
  std::string socket_path;
  std::string xdg_runtime_dir;
  uint64_t memory_limit_bytes = ServerOptions().memory_limit_bytes;
  int threads = 1;
  bool verbose = false;
};

std::string ReadyLine(const Server& server, const Flags& flags) {
  std::string addresses = server.listen_addr();
  if (!server.socket_path().empty()) {
    addresses += (addresses.empty() ? "unix:" : " and unix:") + server.socket_path();
  }
  return "serving " + addresses + " · " + ShowSize(flags.memory_limit_bytes) + " · " +
         std::to_string(flags.threads) + (flags.threads == 1 ? " loop" : " loops") + " · incarnation " +
         ShowIncarnation(server.incarnation()) + "\n";
}

ExitCode Serve(const Flags& flags) {
  StopSignals stop_signals;
  ServerOptions options;
  options.listen_addr = flags.listen_addr;
  options.socket_path = flags.socket_path;
  // Named after the address, so that servers on different ports do not collide. Port 0 is no name.
  if (options.socket_path.empty() && !HasPortZero(flags.listen_addr)) {
    options.socket_path = DefaultSocketPath(flags.xdg_runtime_dir.c_str(), flags.listen_addr);
  }
  options.memory_limit_bytes = flags.memory_limit_bytes;
  options.threads = flags.threads;
  options.log = LogToStandardError(flags.verbose);
  Result<Server> server = Server::Start(options);
  if (!server.ok()) return Fail(server.status());

  if (const Status printed = Print(ReadyLine(*server, flags)); !printed.ok()) return Fail(printed);
  stop_signals.Wait();
  server->Stop();
  return ExitCode::kSuccess;
}

}  // namespace

Command AddServe(CLI::App& program, const Environment& environment) {
  auto flags = std::make_shared<Flags>();
  flags->xdg_runtime_dir = environment.xdg_runtime_dir;
  flags->threads =
      std::clamp(static_cast<int>(std::thread::hardware_concurrency()), 1, kDefaultThreadsMax);
  CLI::App* app = program.add_subcommand("serve", "Lend this machine's memory, until SIGTERM or SIGINT");
  app->add_option("--listen", flags->listen_addr,
                  "serve other hosts too, over TCP and UCX (port 0: any free one); else this host alone")
      ->type_name("HOST:PORT");
  app->add_option("--socket", flags->socket_path,
                  "the Unix socket; else remote_dram.sock, with --listen remote_dram-HOST:PORT.sock (none "
                  "for port 0), in XDG_RUNTIME_DIR or in a private directory")
      ->type_name("PATH");
  AddParsed(*app, "--memory-limit", ParseSize, &flags->memory_limit_bytes,
            "keys, values and overhead may take this much; more is refused")
      ->type_name("SIZE")
      ->default_str(ShowSize(flags->memory_limit_bytes));
  app->add_option("--threads", flags->threads, "loop threads")
      ->type_name("N")
      ->check(CLI::Range(1, server_threads_max).description(""))
      ->capture_default_str();
  app->add_flag("-v,--verbose", flags->verbose, "log more, keys included");
  return {app, [flags] { return Serve(*flags); }};
}

}  // namespace remote_dram::cli
