// Memory: resident memory of server and client during many mixed requests on a bounded set of keys.
#include <unistd.h>

#include <algorithm>

#include "bench/mixture.h"
#include "bench/modes.h"
#include "bench/ours.h"
#include "bench/process.h"
#include "bench/targets.h"

namespace remote_dram::bench {
namespace {

constexpr int kParts = 10;  // memory is sampled after each part
constexpr uint64_t kRequestsToJudge = 1'000'000;

double Mebibytes(uint64_t bytes) { return static_cast<double>(bytes) / (1 << 20); }

}  // namespace

void Memory(const Flags& flags, Report& report) {
  const Table table("Memory: resident MiB over " + std::to_string(flags.requests) + " mixed requests (" + Mixture::Text() +
                        ") on 1000 keys of up to 1 MiB, 110 copies, and 1000 keys of up to 1 KiB for batches",
                    {"path", "process", "at start", "after 1/10", "most by half", "most after", "at end", "max", "grown",
                     "target", ""});
  nlohmann::json& rows = report["memory"] = nlohmann::json::array();
  for (const Path path : flags.paths) {
    const OurServer server;
    Client client = server.Connect(path);
    Mixture mixture(&client);
    const pid_t processes[] = {server.pid(), getpid()};
    for (const pid_t process : processes) ForgetResidentBytesMax(process);
    std::vector<uint64_t> resident[2];
    for (int part = 0; part <= kParts; ++part) {
      if (part > 0) mixture.Run(flags.requests / kParts);
      for (int i = 0; i < 2; ++i) resident[i].push_back(ResidentBytes(processes[i]));
    }
    mixture.RequireAll();
    for (int i = 0; i < 2; ++i) {
      const std::vector<uint64_t>& at = resident[i];
      const std::string process = i == 0 ? "server" : "client";
      const uint64_t max = ResidentBytesMax(processes[i]);
      // Compares the maxima of both halves, not two single samples: memory rises and falls with the values in flight.
      const auto half = at.begin() + kParts / 2 + 1;
      const double by_half = Mebibytes(*std::max_element(at.begin(), half));
      const double after = Mebibytes(*std::max_element(half, at.end()));
      const double grown = after - by_half;
      // In a short run, the first half has not yet reached all keys and sizes, so growth in the second half is normal.
      const bool judged = flags.requests >= kRequestsToJudge;
      const bool met = !judged || report.Judge(kGrowthMebibytes.IsMet(grown));
      table.Row({NameOfPath(path), process, Digits(Mebibytes(at[0])), Digits(Mebibytes(at[1])), Digits(by_half), Digits(after),
                 Digits(Mebibytes(at[kParts])), Digits(Mebibytes(max)), Digits(grown), judged ? kGrowthMebibytes.Text() : "",
                 judged ? (met ? "met" : "missed") : ""});
      rows.push_back({{"path", NameOfPath(path)}, {"process", process}, {"requests", flags.requests},
                      {"resident_bytes", at}, {"resident_bytes_max", max}, {"grown_mebibytes", grown}});
    }
  }
}

}  // namespace remote_dram::bench
