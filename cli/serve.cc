// remote-dram serve: lends this machine's memory until it is told to stop.
#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

#include "cli/command.h"
#include "cli/file.h"
#include "cli/flags.h"
#include "cli/json.h"
#include "cli/log.h"
#include "cli/signals.h"
#include "cli/text.h"
#include "remote_dram/server.h"

#ifdef REMOTE_DRAM_WITH_GATEWAY
#include "remote_dram/gateway.h"
#endif

namespace remote_dram::cli {
namespace {

// The default number of loops is the number of processors, but at most this: further loops gain too little for a default.
constexpr int kDefaultThreadsMax = 4;

// How long running calls may take to finish once the server was told to stop.
constexpr std::chrono::seconds stop_grace{10};

constexpr char kManual[] =
    "Prints one line when it is ready. Its log goes to standard error; it names no keys.\n"
    "Told to stop, it refuses new calls and lets those that run finish for up to 10 seconds; told again, it\n"
    "ends at once.\n"
    "  --json: {\"addresses\": [\"192.0.2.1:12345\", \"unix:/run/...\"], \"memory_limit_bytes\": 1073741824,\n"
    "           \"threads\": 2, \"incarnation\": \"54329aba2baf9c1d\"}, and with --gateway \"gateway\": \"unix:/tmp/g\"\n"
    "\n"
    "Examples:\n"
    "  remote-dram serve --memory-limit 8GiB         for this user on this host\n"
    "  remote-dram serve --socket /srv/dram/s --socket-mode 0660    for the group of that socket, too\n"
    "  remote-dram serve --listen 192.0.2.1:12345    for other hosts too, on a trusted network\n"
    "  remote-dram serve --gateway unix:/tmp/g       for the stock TensorStore of this user, too (see gateway --help)\n"
    "  (umask 077; echo lab:$(openssl rand -hex 32) > key); remote-dram serve --listen 192.0.2.1:12345 --credentials key\n"
    "                                                for those who have that file, too\n";

struct Flags {
  std::string listen_addr;
  std::string credentials_file;
  std::string socket_path;
  unsigned socket_mode = ServerOptions().socket_mode;
  std::string gateway;
  std::string xdg_runtime_dir;
  uint64_t memory_limit_bytes = ServerOptions().memory_limit_bytes;
  uint64_t value_limit_bytes = ServerOptions().value_bytes_max;
  int threads = 1;
  bool verbose = false;
  bool json = false;
};

// `gateway`: the gateway's target; empty if there is no gateway.
std::string ReadyLine(const Server& server, const std::string& gateway, const Flags& flags) {
  std::vector<std::string> addresses;
  if (!server.listen_addr().empty()) addresses.push_back(server.listen_addr());
  if (!server.socket_path().empty()) addresses.push_back("unix:" + server.socket_path());
  if (flags.json) {
    Json object{{"addresses", addresses},
                {"memory_limit_bytes", flags.memory_limit_bytes},
                {"threads", flags.threads},
                {"incarnation", ShowIncarnation(server.incarnation())}};
    if (!gateway.empty()) object["gateway"] = gateway;
    return JsonLine(object);
  }
  const std::string all = addresses.front() + (addresses.size() > 1 ? " and " + addresses.back() : "");
  return "serving " + all + " · " + ShowSize(flags.memory_limit_bytes) + " · " +
         std::to_string(flags.threads) + (flags.threads == 1 ? " loop" : " loops") + " · incarnation " +
         ShowIncarnation(server.incarnation()) + (gateway.empty() ? "" : " · gateway " + gateway) + "\n";
}

ExitCode Serve(const Flags& flags) {
  StopSignals stop_signals;
  ServerOptions options;
  options.listen_addr = flags.listen_addr;
  options.credentials_file = flags.credentials_file;
  options.socket_path = flags.socket_path;
  options.socket_mode = flags.socket_mode;
  // The default socket is named after the address, so that servers on different ports do not collide. With port 0 the
  // address is not known yet, and there is no default socket.
  if (options.socket_path.empty() && !HasPortZero(flags.listen_addr)) {
    options.socket_path = DefaultSocketPath(flags.xdg_runtime_dir.c_str(), flags.listen_addr);
  }
  options.memory_limit_bytes = flags.memory_limit_bytes;
  options.value_bytes_max = flags.value_limit_bytes;
  options.threads = flags.threads;
  options.log = LogToStandardError(flags.verbose);
  Result<Server> server = Server::Start(options);
  if (!server.ok()) return Fail(server.status());

  std::string target;
#ifdef REMOTE_DRAM_WITH_GATEWAY
  std::optional<Gateway> gateway;  // declared after the server, so that it ends before it
  if (!flags.gateway.empty()) {
    KeepFreedMemory();
    Result<Gateway> started = Gateway::Start(
        server->local(), {.listen = flags.gateway, .value_bytes_max = flags.value_limit_bytes, .log = options.log});
    if (!started.ok()) return Fail(started.status());
    target = gateway.emplace(*std::move(started)).target();
  }
#endif
  if (const Status printed = Print(ReadyLine(*server, target, flags)); !printed.ok()) return Fail(printed);
  stop_signals.Wait();
#ifdef REMOTE_DRAM_WITH_GATEWAY
  if (gateway) gateway->Stop();
#endif
  server->Stop(stop_grace);
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
  flags->credentials_file = environment.credentials;
  app->add_option("--credentials", flags->credentials_file,
                  "over TCP, serve only who knows the secret of a line NAME:HEX of this file, which others than its\n"
                  "owner cannot read; it is read once; else REMOTE_DRAM_CREDENTIALS; else, or if it is empty, anybody")
      ->type_name("FILE");
  app->add_option("--socket", flags->socket_path,
                  "the Unix socket; else remote_dram.sock, with --listen remote_dram-HOST:PORT.sock (none "
                  "for port 0), in XDG_RUNTIME_DIR or in a private directory")
      ->type_name("PATH");
  AddParsed(*app, "--socket-mode", ParseMode, &flags->socket_mode,
            "its permissions: 0660 opens it to its group, 0666 to every user and container that can enter its\n"
            "directory; who may write to it may read and write all that is stored, without credentials")
      ->type_name("MODE")
      ->default_str("0600");
#ifdef REMOTE_DRAM_WITH_GATEWAY
  app->add_option("--gateway", flags->gateway,
                  "serve TensorStore's tsgrpc_kvstore driver on this host, too, from this process:\n"
                  "unix:PATH (only this user) or 127.0.0.1:PORT (every user of this host); what is on its way through\n"
                  "it does not all count against --memory-limit")
      ->type_name("ADDR");
#endif
  AddParsed(*app, "--memory-limit", ParseSize, &flags->memory_limit_bytes,
            "keys, values and overhead may take this much; more is refused")
      ->type_name("SIZE")
      ->default_str(ShowSize(flags->memory_limit_bytes));
  AddParsed(*app, "--value-limit", ParseSize, &flags->value_limit_bytes, "no value may be larger than this")
      ->type_name("SIZE")
      ->default_str(ShowSize(flags->value_limit_bytes));
  app->add_option("--threads", flags->threads, "loop threads")
      ->type_name("N")
      ->check(CLI::Range(1, server_threads_max).description(""))
      ->capture_default_str();
  app->add_flag("-v,--verbose", flags->verbose, "also log why each connection ended");
  AddJson(*app, &flags->json);
  app->footer(Manual(kManual));
  return {app, [flags] { return Serve(*flags); }};
}

}  // namespace remote_dram::cli
