// remote-dram ls: the keys, in order, one on a line.
#include <unistd.h>

#include <memory>

#include "cli/connect.h"
#include "cli/file.h"
#include "cli/text.h"

namespace remote_dram::cli {
namespace {

struct Flags {
  ServerFlags server;
  std::string prefix;
  bool sizes = false;
};

ExitCode Ls(const Flags& flags) {
  Result<Client> client = Connect(flags.server);
  if (!client.ok()) return Fail(client.status());

  // As it is for a program; for a terminal, without what could command it.
  const bool terminal = isatty(STDOUT_FILENO);
  const KeyRange range = KeyRange::Prefix(flags.prefix);
  Output output = Output::Standard();
  ListOptions options;
  bool more = true;
  while (more && !output.reader_left()) {
    Result<ListPage> page = client->List(range, options);
    if (!page.ok()) return Fail(page.status());
    std::string lines;
    for (const ListEntry& entry : page->entries) {
      if (flags.sizes) lines += std::to_string(entry.value_bytes) + "\t";
      lines += (terminal ? WithoutControls(entry.key) : entry.key) + "\n";
    }
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
  AddServerFlags(*app, environment, &flags->server);
  return {app, [flags] { return Ls(*flags); }};
}

}  // namespace remote_dram::cli
