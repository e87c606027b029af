// remote-dram gateway: lets stock TensorStore programs on this host reach a server, over gRPC.
#include <memory>

#include "cli/connect.h"
#include "cli/file.h"
#include "cli/flags.h"
#include "cli/json.h"
#include "cli/log.h"
#include "cli/signals.h"
#include "cli/text.h"
#include "remote_dram/gateway.h"

namespace remote_dram::cli {
namespace {

constexpr char kManual[] =
    "Prints one line when it is ready, and runs until SIGTERM or SIGINT. Its log goes to standard error.\n"
    "  --json: {\"gateway\": \"unix:/tmp/g\", \"server\": \"192.0.2.1:12345\"}\n"
    "\n"
    "Examples:\n"
    "  remote-dram gateway --listen unix:/tmp/g --server 192.0.2.1:12345\n"
    "  and in Python: ts.open({'driver': 'zarr3', 'kvstore': {\n"
    "                     'driver': 'tsgrpc_kvstore', 'address': 'unix:/tmp/g', 'path': 'volume/'}})\n";

struct Flags {
  ServerFlags server;
  std::string listen;
  OnRestart on_restart = OnRestart::kFail;
  bool verbose = false;
  bool json = false;
};

Result<OnRestart> ParseOnRestart(std::string_view text) {
  if (text == "fail") return OnRestart::kFail;
  if (text == "accept") return OnRestart::kAccept;
  return Status(StatusCode::kInvalidArgument, Quoted(text) + " is neither fail nor accept");
}

ExitCode RunGateway(const Flags& flags) {
  StopSignals stop_signals;
  KeepFreedMemory();
  const LogFunction log = LogToStandardError(flags.verbose);
  Result<Client> client = Connect(flags.server, log, flags.on_restart);
  if (!client.ok()) return Fail(client.status());
  GatewayOptions options;
  options.listen = flags.listen;
  options.log = log;
  Result<Gateway> gateway = Gateway::Start(*client, options);
  if (!gateway.ok()) return Fail(gateway.status());

  const std::string line = "gateway " + gateway->target() + " · to " + flags.server.address + "\n";
  const Json object{{"gateway", gateway->target()}, {"server", flags.server.address}};
  const Status printed = Print(flags.json ? JsonLine(object) : line);
  if (!printed.ok()) return Fail(printed);
  stop_signals.Wait();
  gateway->Stop();
  return ExitCode::kSuccess;
}

}  // namespace

Command AddGateway(CLI::App& program, const Environment& environment) {
  auto flags = std::make_shared<Flags>();
  CLI::App* app =
      program.add_subcommand("gateway", "Serve TensorStore's tsgrpc_kvstore driver on this host");
  app->add_option("--listen", flags->listen,
                  "unix:PATH (only this user) or 127.0.0.1:PORT (every user of this host)")
      ->type_name("ADDR")
      ->required();
  AddParsed(*app, "--on-restart", ParseOnRestart, &flags->on_restart,
            "once the server was restarted, and has lost what it held: fail every call, or accept (for caches)")
      ->type_name("WHAT")
      ->default_str("fail");
  app->add_flag("-v,--verbose", flags->verbose, "also log why each connection ended");
  AddJson(*app, &flags->json);
  AddServerFlags(*app, environment, &flags->server);
  app->footer(Manual(kManual));
  return {app, [flags] { return RunGateway(*flags); }};
}

}  // namespace remote_dram::cli
