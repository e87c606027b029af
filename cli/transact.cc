// remote-dram transact: applies several operations at one instant, or none of them.
#include <memory>

#include "cli/connect.h"
#include "cli/file.h"
#include "cli/flags.h"
#include "cli/json.h"
#include "cli/operations.h"
#include "cli/text.h"

namespace remote_dram::cli {
namespace {

constexpr char kManual[] =
    "Reads operations, a JSON object on each line, and does all of them or, if a condition does not hold, none:\n"
    "  {\"op\": \"put\", \"key\": \"a\", \"value\": \"text\"}  or value_hex, or value_file: the name of a file\n"
    "  {\"op\": \"delete\", \"key\": \"b\"}\n"
    "  {\"op\": \"check\", \"key\": \"c\"}                  changes nothing, but its condition counts\n"
    "  {\"op\": \"delete_range\", \"prefix\": \"d/\"}       done before anything is put\n"
    "A condition is \"if_generation\": \"0054...01\" or \"if_absent\": true; any operation but a delete_range can have one.\n"
    "Each key is named once. One that is not UTF-8 is written as \"key_hex\" (\"prefix_hex\").\n"
    "\n"
    "Prints for each operation the generation that its key has from now on; 02 for what was deleted.\n"
    "  --json: {\"op\": \"put\", \"key\": \"a\", \"matched\": true, \"generation\": \"0054...01\"}, also if a condition\n"
    "          does not hold: matched tells which, and generation what the key has now. A delete_range has prefix\n"
    "          in the place of key.\n"
    "\n"
    "Examples:\n"
    "  remote-dram transact operations.jsonl\n"
    "  remote-dram transact <<'END'\n"
    "  {\"op\": \"check\", \"key\": \"lock\", \"if_absent\": true}\n"
    "  {\"op\": \"put\", \"key\": \"step\", \"value\": \"41\"}\n"
    "  {\"op\": \"put\", \"key\": \"weights\", \"value_file\": \"weights.bin\"}\n"
    "  END\n";

struct Flags {
  ServerFlags server;
  std::string file;
  bool json = false;
};

Result<Operations> ReadOperations(const std::string& file) {
  Result<Input> input = Input::Read(file, transaction_bytes_max);
  if (!input.ok()) return input.status();
  std::string lines;
  for (const std::string_view piece : input->pieces()) lines += piece;
  Result<Operations> operations = Operations::Parse(lines);
  if (!operations.ok()) return operations.status().WithContext("transact");
  return operations;
}

// The generation to show. The outcome of a deleted range has none; Missing is shown, because its keys are gone.
Generation GenerationOf(const TransactResult::Outcome& outcome) {
  return outcome.generation.known() ? outcome.generation : Generation::Missing();
}

std::string Show(const std::vector<WriteOperation>& operations, const TransactResult& result, bool json) {
  std::string text;
  for (size_t i = 0; i < operations.size(); ++i) {
    const std::string generation = GenerationOf(result.outcomes[i]).ToHex();
    if (!json) {
      text += generation + "\n";
      continue;
    }
    Json object = {{"op", NameOf(operations[i].kind)}};
    const bool range = operations[i].kind == WriteOperation::Kind::kDeleteRange;
    object.update(WithKey(operations[i].key, range ? "prefix" : "key"));
    object["matched"] = result.outcomes[i].matched;
    object["generation"] = generation;
    text += JsonLine(object);
  }
  return text;
}

std::string WhyNot(const WriteOperation& operation, const Generation& current) {
  const std::string key = Quoted(operation.key);
  if (operation.if_generation == Generation::Missing()) return "there is a key " + key + " already";
  return key + (current == Generation::Missing() ? " does not exist" : " has another generation");
}

ExitCode FailConditions(const Flags& flags, const std::vector<WriteOperation>& operations,
                        const TransactResult& result) {
  std::string why;
  size_t more = 0;
  for (size_t i = 0; i < operations.size(); ++i) {
    if (result.outcomes[i].matched) continue;
    if (why.empty()) {
      why = WhyNot(operations[i], result.outcomes[i].generation);
    } else {
      ++more;
    }
  }
  if (more > 0) why += ", and " + std::to_string(more) + (more == 1 ? " more condition" : " more conditions");
  return Fail(ExitCode::kNo, Status(StatusCode::kFailedPrecondition,
                                    "nothing was changed on " + flags.server.address + ": " + why));
}

ExitCode Transact(const Flags& flags) {
  Result<Operations> operations = ReadOperations(flags.file);
  if (!operations.ok()) return Fail(operations.status());
  Result<Client> client = Connect(flags.server);
  if (!client.ok()) return Fail(client.status());
  Result<TransactResult> result = client->Transact(operations->list);
  if (!result.ok()) return Fail(result.status());
  const bool applied = result->state == WriteState::kApplied;
  if (applied || flags.json) {
    const Status printed = Print(Show(operations->list, *result, flags.json));
    if (!printed.ok()) return Fail(printed);
  }
  return applied ? ExitCode::kSuccess : FailConditions(flags, operations->list, *result);
}

}  // namespace

Command AddTransact(CLI::App& program, const Environment& environment) {
  auto flags = std::make_shared<Flags>();
  CLI::App* app = program.add_subcommand("transact", "Write several keys at one instant, or none of them");
  app->add_option("file", flags->file, "the operations; without it, or with -, standard input");
  AddJson(*app, &flags->json);
  AddServerFlags(*app, environment, &flags->server);
  app->footer(Manual(kManual));
  return {app, [flags] { return Transact(*flags); }};
}

}  // namespace remote_dram::cli
