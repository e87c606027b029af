// remote-dram put: writes a file, or standard input, under a key.
#include <algorithm>
#include <future>
#include <memory>
#include <utility>

#include "cli/connect.h"
#include "cli/file.h"
#include "cli/flags.h"
#include "cli/json.h"
#include "cli/progress.h"
#include "cli/text.h"

namespace remote_dram::cli {
namespace {

constexpr char kManual[] =
    "Prints the generation of the value, which names this version of the key. The input is read whole, and then\n"
    "sent within one --timeout; a large value over a slow network needs a larger one.\n"
    "  --json: {\"key\": \"a\", \"generation\": \"0054...01\", \"value_bytes\": 5}\n"
    "\n"
    "Examples:\n"
    "  echo hello | remote-dram put greeting\n"
    "  remote-dram put model weights.bin --server 192.0.2.1:12345 --timeout 300\n"
    "  remote-dram put lock --if-absent </dev/null && echo 'it is mine'\n";

struct Flags {
  ServerFlags server;
  std::string key;
  std::string file;
  ConditionFlags condition;
  bool json = false;
};

// Reads all of the input; fails without reading it all if it is larger than the server's memory limit.
Result<Input> ReadInput(Client& client, const Flags& flags) {
  Result<ServerStat> server = client.StatServer();
  if (!server.ok()) return server.status();
  Result<Input> input = Input::Read(flags.file, std::min(server->memory_limit_bytes, value_bytes_max));
  if (input.ok() || input.status().code() != StatusCode::kResourceExhausted) return input;
  return Status(StatusCode::kResourceExhausted, "put " + Quoted(flags.key) + ": " + input.status().message() +
                                                    ", the server's memory limit; raise its --memory-limit");
}

// Sends the value and waits for the answer. If that takes long, says on the terminal what is being sent.
Result<WriteResult> Send(Client& client, const Flags& flags, const Input& input) {
  PutOptions options;
  options.if_generation = flags.condition.generation();
  std::promise<Result<WriteResult>> promise;
  std::future<Result<WriteResult>> answer = promise.get_future();
  client.Put(flags.key, input.pieces(), options, [promise = std::move(promise)](Result<WriteResult> put) mutable {
    promise.set_value(std::move(put));
  });
  if (answer.wait_for(progress_delay) == std::future_status::timeout) {
    TellTerminal("sending " + ShowSize(input.bytes()) + " to " + flags.server.address);
  }
  return answer.get();
}

// INVALID_ARGUMENT can only mean here that the value is over a limit, because the key was checked before.
ExitCode FailPut(const Status& status) {
  const bool refused = status.code() == StatusCode::kInvalidArgument;
  return refused ? Fail(ExitCode::kRefused, status) : Fail(status);
}

ExitCode Put(const Flags& flags) {
  Result<Client> client = Connect(flags.server);
  if (!client.ok()) return Fail(client.status());
  Result<Input> input = ReadInput(*client, flags);
  if (!input.ok()) return Fail(input.status());
  Result<WriteResult> put = Send(*client, flags, *input);
  if (!put.ok()) return FailPut(put.status());
  if (put->state == WriteState::kConditionFailed) {
    const std::string where = Quoted(flags.key) + " on " + flags.server.address;
    return Fail(ExitCode::kNo,
                flags.condition.if_absent
                    ? Status(StatusCode::kAlreadyExists, "there is a key " + where + " already")
                    : Status(StatusCode::kFailedPrecondition, where + " has another generation"));
  }
  const std::string generation = put->generation.ToHex();
  Json object = WithKey(flags.key);
  object["generation"] = generation;
  object["value_bytes"] = input->bytes();
  const Status printed = Print(flags.json ? JsonLine(object) : generation + "\n");
  return printed.ok() ? ExitCode::kSuccess : Fail(printed);
}

}  // namespace

Command AddPut(CLI::App& program, const Environment& environment) {
  auto flags = std::make_shared<Flags>();
  CLI::App* app = program.add_subcommand("put", "Write a value; prints its generation");
  AddKey(*app, &flags->key, "the key")->required();
  app->add_option("file", flags->file, "the value; without it, or with -, standard input");
  AddCondition(*app, &flags->condition);
  AddJson(*app, &flags->json);
  AddServerFlags(*app, environment, &flags->server);
  app->footer(Manual(kManual));
  return {app, [flags] { return Put(*flags); }};
}

}  // namespace remote_dram::cli
