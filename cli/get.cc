// remote-dram get: reads a value, or a part of it, into a file or a pipe.
#include <memory>

#include "cli/connect.h"
#include "cli/file.h"
#include "cli/text.h"

namespace remote_dram::cli {
namespace {

struct Flags {
  ServerFlags server;
  std::string key;
  std::string file;
  ByteRange range;
};

ExitCode Get(const Flags& flags) {
  Result<Client> client = Connect(flags.server);
  if (!client.ok()) return Fail(client.status());
  GetOptions options;
  options.range = flags.range;
  Result<GetResult> got = client->Get(flags.key, options);
  if (!got.ok()) return Fail(got.status());
  if (got->state == ReadState::kMissing) {
    return Fail(Status(StatusCode::kNotFound,
                       "no such key " + Quoted(flags.key) + " on " + flags.server.address));
  }

  // Opened only now: a get that fails leaves the file as it was.
  Result<Output> output = Output::Open(flags.file);
  if (!output.ok()) return Fail(output.status());
  if (const Status written = output->Write(got->value.bytes()); !written.ok()) return Fail(written);
  const Status finished = output->Finish();
  return finished.ok() ? ExitCode::kSuccess : Fail(finished);
}

}  // namespace

Command AddGet(CLI::App& program, const Environment& environment) {
  auto flags = std::make_shared<Flags>();
  CLI::App* app = program.add_subcommand("get", "Read a value");
  app->add_option("key", flags->key, "the key")->required();
  app->add_option("file", flags->file, "where to; without it, or with -, standard output");
  AddParsed(*app, "--range", ParseRange, &flags->range,
            "A:B, A:, :B or -N: (the last N bytes) instead of the whole")
      ->type_name("A:B");
  AddServerFlags(*app, environment, &flags->server);
  return {app, [flags] { return Get(*flags); }};
}

}  // namespace remote_dram::cli
