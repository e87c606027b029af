// remote-dram put: writes a file, or what comes through a pipe, under a key.
#include <memory>
#include <optional>

#include "cli/connect.h"
#include "cli/file.h"
#include "cli/text.h"

namespace remote_dram::cli {
namespace {

struct Flags {
  ServerFlags server;
  std::string key;
  std::string file;
  bool if_absent = false;
  std::optional<Generation> if_generation;
};

ExitCode Put(const Flags& flags) {
  Result<Client> client = Connect(flags.server);
  if (!client.ok()) return Fail(client.status());
  Result<Input> input = Input::Read(flags.file);
  if (!input.ok()) return Fail(input.status());

  PutOptions options;
  if (flags.if_absent) options.if_generation = Generation::Missing();
  if (flags.if_generation) options.if_generation = *flags.if_generation;
  Result<WriteResult> put = client->Put(flags.key, input->pieces(), options);
  if (!put.ok()) return Fail(put.status());
  if (put->state == WriteState::kConditionFailed) {
    const std::string where = Quoted(flags.key) + " on " + flags.server.address;
    return Fail(ExitCode::kNo,
                flags.if_absent
                    ? Status(StatusCode::kAlreadyExists, "there is a key " + where + " already")
                    : Status(StatusCode::kFailedPrecondition, where + " has another generation"));
  }
  const Status printed = Print(put->generation.ToHex() + "\n");
  return printed.ok() ? ExitCode::kSuccess : Fail(printed);
}

}  // namespace

Command AddPut(CLI::App& program, const Environment& environment) {
  auto flags = std::make_shared<Flags>();
  CLI::App* app = program.add_subcommand("put", "Write a value; prints its generation");
  app->add_option("key", flags->key, "the key")->required();
  app->add_option("file", flags->file, "the value; without it, or with -, standard input");
  auto* if_absent = app->add_flag("--if-absent", flags->if_absent, "only if there is no such key");
  AddParsed(*app, "--if-generation", ParseGeneration, &flags->if_generation,
            "only if the key still has this generation, as put and stat print it")
      ->type_name("HEX")
      ->excludes(if_absent);
  AddServerFlags(*app, environment, &flags->server);
  return {app, [flags] { return Put(*flags); }};
}

}  // namespace remote_dram::cli
