// remote-dram wait: waits until a key exists, or has another version.
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
    "Prints the generation that ended the wait; 02 if the key is missing now. It ends at once if the key is in\n"
    "another version already, and costs the server nothing while it lasts. One that ends in its --timeout has\n"
    "exit code 3.\n"
    "  --json: {\"key\": \"a\", \"exists\": true, \"generation\": \"0054...01\", \"value_bytes\": 5}; without\n"
    "          value_bytes if the key is missing\n"
    "\n"
    "Examples:\n"
    "  remote-dram wait result --timeout 3600 && remote-dram get result\n"
    "  remote-dram wait head --while-generation \"$generation\"\n";

struct Flags {
  ServerFlags server;
  std::string key;
  Generation while_generation = Generation::Missing();
  bool json = false;
};

ExitCode Wait(const Flags& flags) {
  Result<Client> client = Connect(flags.server);
  if (!client.ok()) return Fail(client.status());
  WaitOptions options;
  options.while_generation = flags.while_generation;
  Result<StatResult> now = client->Wait(flags.key, options);
  if (!now.ok()) return Fail(now.status());
  const std::string generation = now->generation.ToHex();
  Json object = WithKey(flags.key);
  object["exists"] = now->exists;
  object["generation"] = generation;
  if (now->exists) object["value_bytes"] = now->value_bytes;
  const Status printed = Print(flags.json ? JsonLine(object) : generation + "\n");
  return printed.ok() ? ExitCode::kSuccess : Fail(printed);
}

}  // namespace

Command AddWait(CLI::App& program, const Environment& environment) {
  auto flags = std::make_shared<Flags>();
  CLI::App* app = program.add_subcommand("wait", "Wait until a key exists, or changes");
  AddKey(*app, &flags->key, "the key")->required();
  AddParsed(*app, "--while-generation", ParseGeneration, &flags->while_generation,
            "wait while the key has this generation, as put and stat print it; else while it is missing")
      ->type_name("HEX");
  AddJson(*app, &flags->json);
  AddServerFlags(*app, environment, &flags->server);
  app->footer(Manual(kManual));
  return {app, [flags] { return Wait(*flags); }};
}

}  // namespace remote_dram::cli
