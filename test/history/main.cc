// remote_dram_history: runs many clients under faults, and checks the histories that they record.
//
//   remote_dram_history load --server ADDRESS --directory DIR    calls every verb at random, and records the calls in DIR
//   remote_dram_history check DIR                                checks all histories in DIR
//   remote_dram_history convert DIR                              prints them as JSON lines, for other checkers
//   remote_dram_history torn --server ADDRESS                    reads a value that is rewritten all the time
//   remote_dram_history simulate --first 1 --seeds 10000         runs loads on a simulated network, and checks each
//
// A load may run in several processes, each with its own client numbers (--writer), and any of them may be killed.
// Errors go to standard error, with exit code 1; `--help` lists the flags.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <iostream>
#include <map>

#include "history/checker.h"
#include "history/convert.h"
#include "history/load.h"
#include "history/names.h"
#include "history/simulation.h"
#include "history/torn.h"

namespace {

using namespace remote_dram;
using namespace remote_dram::history;

constexpr size_t kToldMax = 20;  // violations that are printed
const std::map<std::string, Path> kPaths(path_names.begin(), path_names.end());

int Fail(const std::string& what) {
  std::cerr << "remote_dram_history: " << what << std::endl;
  return 1;
}

int Load(const LoadOptions& options) {
  std::filesystem::create_directories(options.directory);
  const Result<LoadReport> report = RunLoad(options);
  if (!report.ok()) return Fail(report.status().ToString());
  std::cout << report->operations << " operations, " << report->opened_again << " handles opened again, "
            << report->in_place << " reads in place, of " << report->incarnations_in_place.size() << " servers" << std::endl;
  for (const std::string& complaint : report->complaints) Fail(complaint);
  return report->complaints.empty() ? 0 : 1;
}

int CheckAll(const std::string& directory) {
  const Result<History> history = OpenAll(directory);
  if (!history.ok()) return Fail(history.status().ToString());
  const Verdict verdict = Check(*history);
  for (size_t i = 0; i < std::min(kToldMax, verdict.violations.size()); ++i) Fail(ToText(verdict.violations[i]));
  std::cout << ToText(verdict) << std::endl;
  return verdict.violations_found == 0 && verdict.operations > 0 ? 0 : 1;
}

int Convert(const std::string& directory) {
  const Result<History> history = OpenAll(directory);
  if (!history.ok()) return Fail(history.status().ToString());
  WriteJson(*history, std::cout);
  return 0;
}

int Torn(const TornOptions& options) {
  const Result<TornReport> report = ReadTorn(options);
  if (!report.ok()) return Fail(report.status().ToString());
  std::cout << report->reads << " reads, " << (report->bytes >> 20) << " MiB, of " << report->versions << " versions, "
            << report->in_place << " reads in place" << std::endl;
  return 0;
}

struct Seeds {
  uint64_t first = 1;
  uint64_t seeds = 1;
  SimulationOptions options;
};

int SimulateAll(const Seeds& seeds) {
  Simulated all;
  for (uint64_t seed = seeds.first; seed < seeds.first + seeds.seeds; ++seed) {
    const Simulated one = Simulate(seed, seeds.options);
    all.Add(one);
    if (one.wrong.empty()) continue;
    for (size_t i = 0; i < std::min(kToldMax, one.wrong.size()); ++i) Fail(one.wrong[i]);
    return Fail("that was seed " + std::to_string(seed) + "; again: remote_dram_history simulate --first " +
                std::to_string(seed) + " --operations " + std::to_string(seeds.options.operations));
  }
  std::cout << seeds.seeds << " seeds: " << all.answered << " operations were answered, the outcome of " << all.unknown
            << " is unknown, " << all.incarnations << " incarnations, nothing wrong" << std::endl;
  std::filesystem::remove(seeds.options.directory);
  return all.answered > 0 ? 0 : Fail("no operation was answered");
}

void AddSimulate(CLI::App& app, Seeds* seeds) {
  CLI::App* const simulate = app.add_subcommand("simulate", "loads on a simulated network");
  simulate->add_option("--first", seeds->first, "the first seed");
  simulate->add_option("--seeds", seeds->seeds, "how many");
  simulate->add_option("--operations", seeds->options.operations, "of each, at least");
  simulate->add_option("--directory", seeds->options.directory, "for the records of those with something wrong");
}

void AddLoad(CLI::App& app, LoadOptions* options, uint64_t* time_ms, uint64_t* timeout_ms) {
  CLI::App* const load = app.add_subcommand("load", "calls every verb at random, and records what came of it");
  load->add_option("--server", options->server, "HOST:PORT or unix:PATH")->required();
  load->add_option("--directory", options->directory, "for the records")->required();
  load->add_option("--path", options->path)->transform(CLI::CheckedTransformer(kPaths));
  load->add_option("--writer", options->writer, "the number of the first client")->check(CLI::Range(0u, writers_max));
  load->add_option("--clients", options->clients)->check(CLI::Range(1, 1000));
  load->add_option("--keys", options->keys, "an even number")->check(CLI::Range(16u, keys_max));
  load->add_option("--value-bytes-max", options->value_bytes_max)->check(CLI::Range(16u, 256u << 10));
  load->add_option("--operations", options->operations, "at least");
  load->add_option("--time", *time_ms, "milliseconds, at least");
  load->add_option("--timeout", *timeout_ms, "milliseconds, of most calls")->check(CLI::PositiveNumber);
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Many clients under faults, and the judgement of what they saw.");
  app.require_subcommand(1);
  LoadOptions load;
  uint64_t time_ms = 0, timeout_ms = load.timeout.count();
  AddLoad(app, &load, &time_ms, &timeout_ms);
  TornOptions torn;
  CLI::App* const read = app.add_subcommand("torn", "reads a value of 4 MiB that is rewritten all the time");
  read->add_option("--server", torn.server, "HOST:PORT or unix:PATH")->required();
  read->add_option("--path", torn.path)->transform(CLI::CheckedTransformer(kPaths));
  read->add_option("--reads", torn.reads);
  Seeds seeds;
  AddSimulate(app, &seeds);
  std::string directory;
  CLI::App* const convert = app.add_subcommand("convert", "prints what was recorded as JSON lines");
  convert->add_option("directory", directory)->required()->check(CLI::ExistingDirectory);
  CLI::App* const check = app.add_subcommand("check", "judges all that was recorded");
  check->add_option("directory", directory)->required()->check(CLI::ExistingDirectory);
  CLI11_PARSE(app, argc, argv);
  if (app.got_subcommand(check)) return CheckAll(directory);
  if (app.got_subcommand(convert)) return Convert(directory);
  if (app.got_subcommand(read)) return Torn(torn);
  if (app.got_subcommand("simulate")) return SimulateAll(seeds);
  load.time = std::chrono::milliseconds(time_ms);
  load.timeout = std::chrono::milliseconds(timeout_ms);
  load.keys &= ~1u;
  return Load(load);
}
