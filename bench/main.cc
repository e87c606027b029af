// remote_dram_bench: measures the speed of remote_dram, of a lower bound (the least that the machine itself needs)
// and of other stores, all in one run.
//
//   remote_dram_bench [MODE...] [flags]        without a mode: all of them, in this order
//
//   speed    get, view and put of every size over every path, of one hot key and of more keys than the caches hold,
//            with one and with several in flight: the bound, ours and rivals in turns; p50, p99, GB/s and ratios, each
//            the median of several rounds; also puts to many keys, and gets into memory that the library allocates
//   many     batches of gets, stats and puts, single stats, lists, and small gets of 16 clients, each with 16 in flight
//   crowded  two reading processes; small gets and large puts beside four processes that compute
//   wheel    the stock TensorStore wheel over our gateways, over a gateway with a static buffer (the bound), and over
//            its own drivers: values of 1 to 16 MiB; skipped without a Python that has the wheel (--python FILE)
//   idle     processor time of a server and its connected clients while no client makes a call
//   asleep   calls that find the event loops of both sides asleep, or about to sleep: no wake-up may be lost
//   memory   resident memory of server and client over many mixed requests
//   keys     memory of a server for each small key
//
//   --paths mapped,socket,shm,tcp               the paths to measure
//   --verbs get,view,put  --sizes 64,4096,...  --in-flight 1,8          the rows of speed
//   --rounds N  --window MS                     the number of rounds, and the length of each lap in a round
//   --requests N  --keys N  --idle-time MS      the amount of work of asleep and memory, of keys, and of idle
//   --short          everything, but as little of it as possible: a test that the bench works
//   --check          exit code 1 if a target (bench/targets.cc) is missed
//   --json FILE      also writes the figures as JSON
//
// The bound is a bare UCX program or a bare stream on a Unix socket; for mapped reads, it is a look-up and the fastest
// copy loop in this process's own memory. Rivals are memcached and Redis, if they are installed (tools/setup.sh
// rivals), each with a raw client. Servers are separate processes on cpu 0; the clients are in this process, on cpu 1.
// Every row checks that its bytes arrived and that they took the path that it names. Slowness alone is never a failure.
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>
#include <map>

#include "bench/bound/bare_client.h"
#include "bench/fail.h"
#include "bench/modes.h"
#include "bench/process.h"
#include "bench/rivals/rival_server.h"
#include "bench/roles.h"

namespace {

using namespace remote_dram;
using namespace remote_dram::bench;

using Mode = void (*)(const Flags&, Report&);
const std::vector<std::pair<std::string, Mode>> kModes = {
    {"speed", Speed}, {"many", Many},     {"crowded", Crowded},
#ifdef REMOTE_DRAM_WITH_GATEWAY
    {"wheel", Wheel},
#endif
    {"idle", Idle},   {"asleep", Asleep}, {"memory", Memory},   {"keys", Keys}};
const std::map<std::string, Path> kPaths(path_names.begin() + 1, path_names.end());  // all but "auto"
const std::map<std::string, Verb> kVerbs = {{"get", Verb::kGet}, {"view", Verb::kView}, {"put", Verb::kPut}};

struct CommandLine {
  std::vector<std::string> modes;
  std::string role;  // set only in a child process
  std::string json;
  bool checks = false;
  uint64_t window_ms = 0, idle_ms = 0;
  Flags flags;
};

void Shorten(Flags* flags) {
  flags->rounds = 1;
  flags->pace = {std::chrono::milliseconds(1), std::chrono::milliseconds(2), 1};
  flags->sizes = {64, 4 << 10, 64 << 10, 1 << 20};
  flags->in_flight = {1, 2};
  flags->cold_keys = 500;
  flags->cold_bytes = 8 << 20;
  flags->idle_clients = 10;
  flags->idle_time = std::chrono::milliseconds(100);
  flags->requests = 2000;
  flags->keys = 1000;
  flags->listed_keys = 1000;
}

void AddFlags(CLI::App& app, CommandLine* line) {
  Flags* const flags = &line->flags;
  // First, because CLI11 applies flags in this order: flags given explicitly then override what --short sets.
  app.add_flag_callback("--short", [flags] { Shorten(flags); }, "of everything the least");
  std::set<std::string> modes;
  for (const auto& [name, mode] : kModes) modes.insert(name);
  app.add_option("mode", line->modes, "what to measure; else everything")->check(CLI::IsMember(modes));
  app.add_option("--paths", flags->paths)->delimiter(',')->transform(CLI::CheckedTransformer(kPaths));
  app.add_option("--verbs", flags->verbs)->delimiter(',')->transform(CLI::CheckedTransformer(kVerbs));
  app.add_option("--sizes", flags->sizes, "bytes of a value")
      ->delimiter(',')
      ->check(CLI::Range(load_bytes_min, load_bytes_max));
  app.add_option("--in-flight", flags->in_flight)->delimiter(',')->check(CLI::Range(1, 64));
  app.add_option("--rounds", flags->rounds)->check(CLI::Range(1, 1000));
  app.add_option("--window", line->window_ms, "milliseconds of a lap")->check(CLI::Range(1, 60'000));
  app.add_option("--requests", flags->requests, "of asleep, and mixed ones of memory");
  const CLI::Range numbers(uint64_t{1}, uint64_t{KeyText::number_max});
  app.add_option("--keys", flags->keys, "keys of keys")->check(numbers);
  app.add_option("--listed-keys", flags->listed_keys, "keys of a list of many")->check(numbers);
  app.add_option("--idle-time", line->idle_ms, "milliseconds of idle")->check(CLI::PositiveNumber);
  app.add_option("--python", flags->python, "one that has TensorStore")->type_name("FILE");
  app.add_flag("--complete", flags->complete, "fail if a rival or TensorStore is not installed, instead of leaving it out");
  app.add_flag("--check", line->checks, "exit code 1 if a target is missed");
  app.add_option("--json", line->json, "write the figures there, too")->type_name("FILE");
  app.add_option("--role", line->role)->group("");  // hidden
}

}  // namespace

int main(int argc, char** argv) {
  CommandLine line;
  CLI::App app("How fast remote_dram is, next to the least that the machine needs, and to other stores.");
  AddFlags(app, &line);
  CLI11_PARSE(app, argc, argv);
  if (!line.role.empty()) return PlayRole(line.role), 0;

  if (line.window_ms > 0) line.flags.pace.window = std::chrono::milliseconds(line.window_ms);
  if (line.idle_ms > 0) line.flags.idle_time = std::chrono::milliseconds(line.idle_ms);
  std::string command = "remote_dram_bench";
  for (int i = 1; i < argc; ++i) command += std::string(" ") + argv[i];
  for (const std::string& rival : kRivals) {
    Require(!line.flags.complete || IsInstalled(rival), rival + " is not installed (tools/setup.sh rivals)");
  }
  PinTo(kClientCpu);
  Report report(command, UcxVersion());
  for (const auto& [name, mode] : kModes) {
    const bool asked = std::find(line.modes.begin(), line.modes.end(), name) != line.modes.end();
    if (asked || line.modes.empty()) mode(line.flags, report);
  }
  if (!line.json.empty()) report.Write(line.json);
  std::cout << "\n" << report.targets() - report.missed() << " of " << report.targets() << " targets met" << std::endl;
  return line.checks && report.missed() > 0 ? 1 : 0;
}
