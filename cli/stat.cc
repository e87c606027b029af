// remote-dram stat: what is known about a key, or about the server and this way to it.
#include <memory>
#include <optional>

#include "cli/connect.h"
#include "cli/file.h"
#include "cli/text.h"

namespace remote_dram::cli {
namespace {

struct Flags {
  ServerFlags server;
  std::optional<std::string> key;
};

constexpr size_t kNameColumns = 13;

std::string Line(std::string name, const std::string& value) {
  name.resize(kNameColumns, ' ');
  return name + value + "\n";
}

std::string ShowServer(const ServerStat& stat) {
  return Line("server", stat.address) + Line("version", stat.version) +
         Line("incarnation", ShowIncarnation(stat.incarnation)) +
         Line("up", ShowDuration(stat.uptime_ms)) + Line("keys", std::to_string(stat.keys)) +
         Line("memory", ShowSize(stat.memory_bytes) + " of " + ShowSize(stat.memory_limit_bytes)) +
         Line("connections", std::to_string(stat.connections)) +
         Line("path", stat.path + (stat.lanes.empty() ? "" : " (" + stat.lanes + ")"));
}

std::string ShowKey(const std::string& key, const StatResult& stat) {
  return Line("key", Quoted(key)) + Line("bytes", std::to_string(stat.value_bytes)) +
         Line("generation", stat.generation.ToHex());
}

ExitCode Stat(const Flags& flags) {
  Result<Client> client = Connect(flags.server);
  if (!client.ok()) return Fail(client.status());

  std::string text;
  if (flags.key) {
    Result<StatResult> stat = client->Stat(*flags.key);
    if (!stat.ok()) return Fail(stat.status());
    if (!stat->exists) {
      return Fail(Status(StatusCode::kNotFound,
                         "no such key " + Quoted(*flags.key) + " on " + flags.server.address));
    }
    text = ShowKey(*flags.key, *stat);
  } else {
    Result<ServerStat> stat = client->StatServer();
    if (!stat.ok()) return Fail(stat.status());
    text = ShowServer(*stat);
  }
  const Status printed = Print(text);
  return printed.ok() ? ExitCode::kSuccess : Fail(printed);
}

}  // namespace

Command AddStat(CLI::App& program, const Environment& environment) {
  auto flags = std::make_shared<Flags>();
  CLI::App* app = program.add_subcommand("stat", "Show a key, or the server and this connection");
  app->add_option("key", flags->key, "the key; without it, the server");
  AddServerFlags(*app, environment, &flags->server);
  return {app, [flags] { return Stat(*flags); }};
}

}  // namespace remote_dram::cli
