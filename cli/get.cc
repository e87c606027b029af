// remote-dram get: reads a value, or a part of it, into a file or to standard output.
#include <algorithm>
#include <memory>
#include <optional>

#include "cli/connect.h"
#include "cli/file.h"
#include "cli/flags.h"
#include "cli/progress.h"
#include "cli/text.h"

namespace remote_dram::cli {
namespace {

constexpr char kManual[] =
    "Prints the bytes of the value and nothing else. A file is replaced when all of them are there; a get that\n"
    "fails leaves it as it was. What is over 64 MiB is read in pieces, each within one --timeout, all of the\n"
    "same generation; if the key is changed meanwhile, the get fails with ABORTED.\n"
    "\n"
    "Examples:\n"
    "  remote-dram get greeting\n"
    "  remote-dram get model weights.bin\n"
    "  remote-dram get weights.safetensors --range 0:8 | xxd\n";

// Larger values are read in pieces of this many bytes, so that the program needs no more memory than one piece.
constexpr int64_t get_piece_bytes = 64 << 20;

struct Flags {
  ServerFlags server;
  std::string key;
  std::string file;
  ByteRange range;
};

// The range with explicit bounds; nothing if it is not inside the value.
std::optional<ByteRange> PartOf(const ByteRange& range, uint64_t value_bytes) {
  const auto size = static_cast<int64_t>(value_bytes);
  const ByteRange part{range.min < 0 ? size + range.min : range.min, range.max < 0 ? size : range.max};
  if (part.min < 0 || part.min > part.max || part.max > size) return std::nullopt;
  return part;
}

ExitCode Missing(const Flags& flags) {
  return Fail(Status(StatusCode::kNotFound, "no such key " + Quoted(flags.key) + " on " + flags.server.address));
}

ExitCode GetAtOnce(Client& client, const Flags& flags) {
  GetOptions options;
  options.range = flags.range;
  Result<GetResult> got = client.Get(flags.key, options);
  if (!got.ok()) return Fail(got.status());
  if (got->state == ReadState::kMissing) return Missing(flags);

  // The file is opened only now, so that a failed get leaves it as it was.
  Result<Output> output = Output::Open(flags.file);
  if (!output.ok()) return Fail(output.status());
  if (const Status written = output->Write(got->value.bytes()); !written.ok()) return Fail(written);
  const Status finished = output->Finish();
  return finished.ok() ? ExitCode::kSuccess : Fail(finished);
}

ExitCode GetInPieces(Client& client, const Flags& flags, const Generation& generation, const ByteRange& part) {
  Result<Output> output = Output::Open(flags.file);
  if (!output.ok()) return Fail(output.status());
  // Not make_unique, which would first fill the memory with zeros.
  const std::unique_ptr<char[]> memory(new char[get_piece_bytes]);
  GetOptions options;
  options.if_generation = generation;
  options.into = {memory.get(), get_piece_bytes};
  Progress progress("getting " + Quoted(flags.key), static_cast<uint64_t>(part.max - part.min));
  for (int64_t at = part.min; at < part.max && !output->reader_left(); at = options.range.max) {
    options.range = {at, std::min(at + get_piece_bytes, part.max)};
    Result<GetResult> got = client.Get(flags.key, options);
    if (!got.ok()) return Fail(got.status());
    if (got->state != ReadState::kValue) {
      return Fail(Status(StatusCode::kAborted, Quoted(flags.key) + " on " + flags.server.address +
                                                   " was changed while it was read; get it again"));
    }
    if (const Status written = output->Write(got->value.bytes()); !written.ok()) return Fail(written);
    progress.Add(got->value.size());
  }
  const Status finished = output->Finish();
  return finished.ok() ? ExitCode::kSuccess : Fail(finished);
}

ExitCode Get(const Flags& flags) {
  Result<Client> client = Connect(flags.server);
  if (!client.ok()) return Fail(client.status());
  Result<StatResult> stat = client->Stat(flags.key);
  if (!stat.ok()) return Fail(stat.status());
  if (!stat->exists) return Missing(flags);
  const std::optional<ByteRange> part = PartOf(flags.range, stat->value_bytes);
  // A range outside the value is sent to the server, too, which refuses it with the proper message.
  if (!part || part->max - part->min <= get_piece_bytes) return GetAtOnce(*client, flags);
  return GetInPieces(*client, flags, stat->generation, *part);
}

}  // namespace

Command AddGet(CLI::App& program, const Environment& environment) {
  auto flags = std::make_shared<Flags>();
  CLI::App* app = program.add_subcommand("get", "Read a value");
  AddKey(*app, &flags->key, "the key")->required();
  app->add_option("file", flags->file, "where to; without it, or with -, standard output");
  AddParsed(*app, "--range", ParseRange, &flags->range,
            "A:B, A:, :B or -N: (the last N bytes) instead of the whole")
      ->type_name("A:B");
  AddServerFlags(*app, environment, &flags->server);
  app->footer(Manual(kManual));
  return {app, [flags] { return Get(*flags); }};
}

}  // namespace remote_dram::cli
