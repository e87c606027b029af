// remote-dram rm: deletes a key, or all that begin alike.
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
  std::optional<std::string> prefix;
  bool if_absent = false;
  std::optional<Generation> if_generation;
};

ExitCode RemoveKey(Client& client, const Flags& flags) {
  DeleteOptions options;
  if (flags.if_absent) options.if_generation = Generation::Missing();
  if (flags.if_generation) options.if_generation = *flags.if_generation;
  Result<WriteResult> removed = client.Delete(*flags.key, options);
  if (!removed.ok()) return Fail(removed.status());
  if (removed->state == WriteState::kConditionFailed) {
    const std::string why = flags.if_absent ? " exists" : " has another generation, or does not exist";
    return Fail(ExitCode::kNo, Status(StatusCode::kFailedPrecondition,
                                      Quoted(*flags.key) + " on " + flags.server.address + why));
  }
  return ExitCode::kSuccess;
}

ExitCode RemovePrefix(Client& client, const Flags& flags) {
  Result<DeleteRangeResult> removed = client.DeleteRange(KeyRange::Prefix(*flags.prefix));
  if (!removed.ok()) return Fail(removed.status());
  const char* const noun = removed->keys_deleted == 1 ? " key" : " keys";
  const Status printed = Print(std::to_string(removed->keys_deleted) + noun + " deleted\n");
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
  auto* key = app->add_option("key", flags->key, "the key; that it does not exist is no failure");
  auto* prefix =
      app->add_option("--prefix", flags->prefix, "every key that begins with this; '' is every key");
  auto* if_absent = app->add_flag("--if-absent", flags->if_absent, "fails if the key exists");
  auto* if_generation = AddParsed(*app, "--if-generation", ParseGeneration, &flags->if_generation,
                                  "only if the key still has this generation, as put and stat print it");
  if_generation->type_name("HEX")->excludes(if_absent);
  prefix->type_name("P")->excludes(key)->excludes(if_absent)->excludes(if_generation);
  AddServerFlags(*app, environment, &flags->server);
  return {app, [flags] { return Rm(*flags); }};
}

}  // namespace remote_dram::cli
