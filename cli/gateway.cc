// remote-dram gateway: lets stock TensorStore programs on this host reach a server, over gRPC.
#include <memory>

#include "cli/connect.h"
#include "cli/file.h"
#include "cli/log.h"
#include "cli/signals.h"
#include "remote_dram/gateway.h"

namespace remote_dram::cli {
namespace {

struct Flags {
  ServerFlags server;
  std::string listen;
  bool verbose = false;
};

ExitCode RunGateway(const Flags& flags) {
  StopSignals stop_signals;
  const LogFunction log = LogToStandardError(flags.verbose);
  Result<Client> client = Connect(flags.server, log);
  if (!client.ok()) return Fail(client.status());
  GatewayOptions options;
  options.listen = flags.listen;
  options.log = log;
  Result<Gateway> gateway = Gateway::Start(*client, options);
  if (!gateway.ok()) return Fail(gateway.status());

  const Status printed = Print("gateway " + gateway->target() + " · to " + flags.server.address + "\n");
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
  app->add_flag("-v,--verbose", flags->verbose, "log more, keys included");
  AddServerFlags(*app, environment, &flags->server);
  return {app, [flags] { return RunGateway(*flags); }};
}

}  // namespace remote_dram::cli
