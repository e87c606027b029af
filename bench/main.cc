// remote_dram_bench: how fast remote_dram is, next to the least that UCX itself needs, all in one run.
//
//   remote_dram_bench [MODE...] [flags]        without a mode: all of them, in this order
//
//   speed    get and put of every size over every path, one and several in flight: a bare UCX program (the
//            bound) and ours in turns; p50, p99, GB/s and ratios, each the median of several rounds
//   idle     processor time of a server and a connected client while nobody calls
//   memory   memory of both over many mixed requests
//   keys     memory of a server for each small key
//
//   --paths shm,tcp  --verbs get,put  --sizes 64,4096,...  --in-flight 1,8     which rows of speed
//   --rounds N  --window MS     how often, and how long each of a round's laps
//   --requests N  --keys N  --idle-time MS                              how much of memory, keys and idle
//   --short          all of it, but of everything the least (a second or two): a test that it works
//   --json FILE      the same figures for programs
//
// Servers are processes of their own, on cpu 0; the clients are in this one, on cpu 1. Every row makes sure
// that its bytes arrived and that they took the path that it names. Slowness is never a failure.
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <iostream>
#include <map>

#include "bench/bound/bare_client.h"
#include "bench/bound/bare_server.h"
#include "bench/child.h"
#include "bench/fail.h"
#include "bench/modes.h"
#include "bench/ours.h"
#include "bench/process.h"

namespace {

using namespace remote_dram;
using namespace remote_dram::bench;

using Mode = void (*)(const Flags&, Report&);
const std::vector<std::pair<std::string, Mode>> kModes = {
    {"speed", Speed}, {"idle", Idle}, {"memory", Memory}, {"keys", Keys}};
const std::map<std::string, Path> kPaths = {{"shm", Path::kShm}, {"tcp", Path::kTcp}};
const std::map<std::string, Verb> kVerbs = {{"get", Verb::kGet}, {"put", Verb::kPut}};

struct CommandLine {
  std::vector<std::string> modes;
  std::string role;  // of a child
  std::string json;
  bool is_short = false;
  uint64_t window_ms = 0, idle_ms = 0;
  Flags flags;
};

void PlayRole(const std::string& role) {
  PinTo(kServerCpu);
  if (role == "our-server") return OurServer::Serve();
  if (role == "bare-server-shm") return ServeBare(Path::kShm);
  if (role == "bare-server-tcp") return ServeBare(Path::kTcp);
  Fail("there is no role " + role);
}

void AddFlags(CLI::App& app, CommandLine* line) {
  Flags* const flags = &line->flags;
  std::set<std::string> modes;
  for (const auto& [name, mode] : kModes) modes.insert(name);
  app.add_option("mode", line->modes, "what to measure; else everything")->check(CLI::IsMember(modes));
  app.add_option("--paths", flags->paths)->delimiter(',')->transform(CLI::CheckedTransformer(kPaths));
  app.add_option("--verbs", flags->verbs)->delimiter(',')->transform(CLI::CheckedTransformer(kVerbs));
  app.add_option("--sizes", flags->sizes, "bytes of a value")
      ->delimiter(',')
      ->check(CLI::Range(load_bytes_min, load_bytes_max));
  app.add_option("--in-flight", flags->in_flight)->delimiter(',')->check(CLI::Range(1, load_in_flight_max));
  app.add_option("--rounds", flags->rounds)->check(CLI::Range(1, 1000));
  app.add_option("--window", line->window_ms, "milliseconds of a lap")->check(CLI::Range(1, 60'000));
  app.add_option("--requests", flags->requests, "mixed requests of memory");
  app.add_option("--keys", flags->keys, "keys of keys")->check(CLI::PositiveNumber);
  app.add_option("--idle-time", line->idle_ms, "milliseconds of idle")->check(CLI::PositiveNumber);
  app.add_flag("--short", line->is_short, "of everything the least");
  app.add_option("--json", line->json, "write the figures there, too")->type_name("FILE");
  app.add_option("--role", line->role)->group("");  // hidden
}

void Shorten(Flags* flags) {
  flags->rounds = 1;
  flags->pace = {std::chrono::milliseconds(1), std::chrono::milliseconds(2)};
  flags->idle_time = std::chrono::milliseconds(100);
  flags->requests = 2000;
  flags->keys = 1000;
}

}  // namespace

int main(int argc, char** argv) {
  CommandLine line;
  CLI::App app("How fast remote_dram is, next to the least that UCX itself needs.");
  AddFlags(app, &line);
  CLI11_PARSE(app, argc, argv);
  if (!line.role.empty()) return PlayRole(line.role), 0;

  if (line.is_short) Shorten(&line.flags);
  if (line.window_ms > 0) line.flags.pace.window = std::chrono::milliseconds(line.window_ms);
  if (line.idle_ms > 0) line.flags.idle_time = std::chrono::milliseconds(line.idle_ms);
  std::string command = "remote_dram_bench";
  for (int i = 1; i < argc; ++i) command += std::string(" ") + argv[i];
  PinTo(kClientCpu);
  Report report(command, UcxVersion());
  for (const auto& [name, mode] : kModes) {
    const bool asked = std::find(line.modes.begin(), line.modes.end(), name) != line.modes.end();
    if (asked || line.modes.empty()) mode(line.flags, report);
  }
  if (!line.json.empty()) report.Write(line.json);
}
