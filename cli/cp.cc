// remote-dram cp: copies a key, or all keys with a prefix, inside the server.
#include <memory>

#include "cli/connect.h"
#include "cli/file.h"
#include "cli/flags.h"
#include "cli/json.h"
#include "cli/text.h"

namespace remote_dram::cli {
namespace {

constexpr char kManual[] =
    "Prints nothing for a key; for a prefix, how many keys were copied. The values stay where they are: the server's\n"
    "copies share their bytes. What the target held is replaced. Each key is copied at its own instant.\n"
    "  --json: {\"keys_copied\": 3} for a prefix\n"
    "\n"
    "Examples:\n"
    "  remote-dram cp model model.old\n"
    "  remote-dram cp --prefix volume/ snapshots/monday/\n";

struct Flags {
  ServerFlags server;
  std::string source;
  std::string target;
  bool prefix = false;
  bool json = false;
};

ExitCode Cp(const Flags& flags) {
  Result<Client> client = Connect(flags.server);
  if (!client.ok()) return Fail(client.status());
  const KeyRange range = flags.prefix ? KeyRange::Prefix(flags.source) : KeyRange::Single(flags.source);
  Result<CopyRangeResult> copied = client->CopyRange(range, {flags.source.size(), flags.target});
  if (!copied.ok()) return Fail(copied.status());
  if (!flags.prefix) {
    if (copied->keys_copied > 0) return ExitCode::kSuccess;
    return Fail(Status(StatusCode::kNotFound, "no such key " + Quoted(flags.source) + " on " + flags.server.address));
  }
  const char* const noun = copied->keys_copied == 1 ? " key" : " keys";
  const Status printed = Print(flags.json ? JsonLine({{"keys_copied", copied->keys_copied}})
                                          : std::to_string(copied->keys_copied) + noun + " copied\n");
  return printed.ok() ? ExitCode::kSuccess : Fail(printed);
}

}  // namespace

Command AddCp(CLI::App& program, const Environment& environment) {
  auto flags = std::make_shared<Flags>();
  CLI::App* app = program.add_subcommand("cp", "Copy a key, or all keys with a prefix, inside the server");
  AddParsed(*app, "source", ParseKey, &flags->source, "the key to copy")->type_name("")->required();
  AddParsed(*app, "target", ParseKey, &flags->target, "the key that gets its value")->type_name("")->required();
  app->add_flag("--prefix", flags->prefix,
                "source and target are prefixes: every key that begins with the one is copied to the other");
  AddJson(*app, &flags->json);
  AddServerFlags(*app, environment, &flags->server);
  app->footer(Manual(kManual));
  return {app, [flags] { return Cp(*flags); }};
}

}  // namespace remote_dram::cli
