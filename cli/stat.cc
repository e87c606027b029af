// remote-dram stat: shows information about a key, or about the server and the connection to it.
#include <memory>
#include <optional>

#include "cli/connect.h"
#include "cli/file.h"
#include "cli/flags.h"
#include "cli/json.h"
#include "cli/text.h"

namespace remote_dram::cli {
namespace {

constexpr char kManual[] =
    "Prints a name and a value on each line. Of the server also how this connection's data travels.\n"
    "  --json, of a key:      {\"key\": \"a\", \"value_bytes\": 5, \"generation\": \"0054...01\"}\n"
    "  --json, of the server: server, version, incarnation, uptime_ms, keys, memory_bytes, memory_limit_bytes,\n"
    "                         connections, path (mapped, shm, socket or tcp),\n"
    "                         lanes (the transports in use)\n"
    "\n"
    "Examples:\n"
    "  remote-dram stat\n"
    "  remote-dram stat greeting --json | jq -r .generation\n";

struct Flags {
  ServerFlags server;
  std::optional<std::string> key;
  bool json = false;
};

constexpr size_t kNameColumns = 13;

std::string Line(std::string name, const std::string& value) {
  name.resize(kNameColumns, ' ');
  return name + value + "\n";
}

std::string ShowServer(const ServerStat& stat, bool json) {
  if (json) {
    return JsonLine({{"server", stat.address},
                     {"version", stat.version},
                     {"incarnation", ShowIncarnation(stat.incarnation)},
                     {"uptime_ms", stat.uptime_ms},
                     {"keys", stat.keys},
                     {"memory_bytes", stat.memory_bytes},
                     {"memory_limit_bytes", stat.memory_limit_bytes},
                     {"connections", stat.connections},
                     {"path", stat.path},
                     {"lanes", stat.lanes}});
  }
  return Line("server", stat.address) + Line("version", stat.version) +
         Line("incarnation", ShowIncarnation(stat.incarnation)) +
         Line("up", ShowDuration(stat.uptime_ms)) + Line("keys", std::to_string(stat.keys)) +
         Line("memory", ShowSize(stat.memory_bytes) + " of " + ShowSize(stat.memory_limit_bytes)) +
         Line("connections", std::to_string(stat.connections)) +
         Line("path", stat.path + (stat.lanes.empty() ? "" : " (" + stat.lanes + ")"));
}

std::string ShowKey(const std::string& key, const StatResult& stat, bool json) {
  if (json) {
    Json object = WithKey(key);
    object["value_bytes"] = stat.value_bytes;
    object["generation"] = stat.generation.ToHex();
    return JsonLine(object);
  }
  return Line("key", "\"" + WithoutControls(key) + "\"") + Line("bytes", std::to_string(stat.value_bytes)) +
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
    text = ShowKey(*flags.key, *stat, flags.json);
  } else {
    Result<ServerStat> stat = client->StatServer();
    if (!stat.ok()) return Fail(stat.status());
    text = ShowServer(*stat, flags.json);
  }
  const Status printed = Print(text);
  return printed.ok() ? ExitCode::kSuccess : Fail(printed);
}

}  // namespace

Command AddStat(CLI::App& program, const Environment& environment) {
  auto flags = std::make_shared<Flags>();
  CLI::App* app = program.add_subcommand("stat", "Show a key, or the server and this connection");
  AddKey(*app, &flags->key, "the key; without it, the server");
  AddJson(*app, &flags->json);
  AddServerFlags(*app, environment, &flags->server);
  app->footer(Manual(kManual));
  return {app, [flags] { return Stat(*flags); }};
}

}  // namespace remote_dram::cli
