// remote-dram rm: deletes a key, or all keys with a prefix.
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
    "Prints nothing for a key; for a prefix, how many keys were deleted. That a key does not exist is no failure.\n"
    "  --json: {\"keys_deleted\": 3} for a prefix\n"
    "\n"
    "Examples:\n"
    "  remote-dram rm greeting\n"
    "  remote-dram rm --prefix volume/\n"
    "  remote-dram rm lock --if-generation \"$generation\"\n";

struct Flags {
  ServerFlags server;
  std::optional<std::string> key;
  std::optional<std::string> prefix;
  ConditionFlags condition;
  bool json = false;
};

ExitCode RemoveKey(Client& client, const Flags& flags) {
  DeleteOptions options;
  options.if_generation = flags.condition.generation();
  Result<WriteResult> removed = client.Delete(*flags.key, options);
  if (!removed.ok()) return Fail(removed.status());
  if (removed->state == WriteState::kConditionFailed) {
    const std::string why = flags.condition.if_absent ? " exists" : " has another generation, or does not exist";
    return Fail(ExitCode::kNo, Status(StatusCode::kFailedPrecondition,
                                      Quoted(*flags.key) + " on " + flags.server.address + why));
  }
  return ExitCode::kSuccess;
}

ExitCode RemovePrefix(Client& client, const Flags& flags) {
  Result<DeleteRangeResult> removed = client.DeleteRange(KeyRange::Prefix(*flags.prefix));
  if (!removed.ok()) return Fail(removed.status());
  const char* const noun = removed->keys_deleted == 1 ? " key" : " keys";
  const Status printed = Print(flags.json ? JsonLine({{"keys_deleted", removed->keys_deleted}})
                                          : std::to_string(removed->keys_deleted) + noun + " deleted\n");
  return printed.ok() ? ExitCode::kSuccess : Fail(printed);
}

ExitCode Rm(const Flags& flags) {
  if (!flags.key && !flags.prefix) {
    return Fail(
        Status(StatusCode::kInvalidArgument, "rm needs a KEY or --prefix P; see remote-dram rm --help"));
  }
  Result<Client> client = Connect(flags.server);
  if (!client.ok()) return Fail(client.status());
  return flags.key ? RemoveKey(*client, flags) : RemovePrefix(*client, flags);
}

}  // namespace

Command AddRm(CLI::App& program, const Environment& environment) {
  auto flags = std::make_shared<Flags>();
  CLI::App* app = program.add_subcommand("rm", "Delete a key, or all keys with a prefix");
  CLI::Option* key = AddKey(*app, &flags->key, "the key; that it does not exist is no failure");
  const ConditionOptions condition = AddCondition(*app, &flags->condition);
  app->add_option("--prefix", flags->prefix, "every key that begins with this; '' is every key")
      ->type_name("P")
      ->excludes(key)
      ->excludes(condition.if_absent)
      ->excludes(condition.if_generation);
  AddJson(*app, &flags->json);
  AddServerFlags(*app, environment, &flags->server);
  app->footer(Manual(kManual));
  return {app, [flags] { return Rm(*flags); }};
}

}  // namespace remote_dram::cli
