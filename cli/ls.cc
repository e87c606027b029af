// remote-dram ls: lists keys in order, one per line.
#include <unistd.h>

#include <memory>

#include "cli/connect.h"
#include "cli/file.h"
#include "cli/flags.h"
#include "cli/json.h"
#include "cli/text.h"

namespace remote_dram::cli {
namespace {

constexpr char kManual[] =
    "Prints the keys in the order of their bytes, one on a line; a key that holds a newline is safe with --json\n"
    "only. On a terminal, what could command it is shown as \\x...\n"
    "  --json: {\"key\": \"a\", \"value_bytes\": 5}, with or without --long\n"
    "\n"
    "Examples:\n"
    "  remote-dram ls volume/\n"
    "  remote-dram ls --json | jq -r 'select(.value_bytes > 1000000) | .key'\n";

struct Flags {
  ServerFlags server;
  std::string prefix;
  bool sizes = false;
  bool json = false;
};

std::string Line(const ListEntry& entry, const Flags& flags, bool terminal) {
  if (flags.json) {
    Json object = WithKey(entry.key);
    object["value_bytes"] = entry.value_bytes;
    return JsonLine(object);
  }
  const std::string size = flags.sizes ? std::to_string(entry.value_bytes) + "\t" : "";
  return size + (terminal ? WithoutControls(entry.key) : entry.key) + "\n";
}

ExitCode Ls(const Flags& flags) {
  Result<Client> client = Connect(flags.server);
  if (!client.ok()) return Fail(client.status());

  // Programs get the keys unchanged. For a terminal, control characters are escaped, because they could control it.
  const bool terminal = isatty(STDOUT_FILENO);
  const KeyRange range = KeyRange::Prefix(flags.prefix);
  Output output = Output::Standard();
  ListOptions options;
  bool more = true;
  while (more && !output.reader_left()) {
    Result<ListPage> page = client->List(range, options);
    if (!page.ok()) return Fail(page.status());
    std::string lines;
    for (const ListEntry& entry : page->entries) lines += Line(entry, flags, terminal);
    if (const Status written = output.Write(lines); !written.ok()) return Fail(written);
    more = page->more && !page->entries.empty();
    if (more) options.after = std::move(page->entries.back().key);
  }
  return ExitCode::kSuccess;
}

}  // namespace

Command AddLs(CLI::App& program, const Environment& environment) {
  auto flags = std::make_shared<Flags>();
  CLI::App* app = program.add_subcommand("ls", "List keys");
  app->add_option("prefix", flags->prefix, "only keys that begin with this");
  app->add_flag("-l,--long", flags->sizes, "before each key its value's size in bytes, and a tab");
  AddJson(*app, &flags->json);
  AddServerFlags(*app, environment, &flags->server);
  app->footer(Manual(kManual));
  return {app, [flags] { return Ls(*flags); }};
}

}  // namespace remote_dram::cli
