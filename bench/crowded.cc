// Crowded: two processes that read at the same time, and more processes than processors.
#include <map>

#include "bench/contest.h"
#include "bench/process.h"
#include "bench/reader.h"
#include "bench/targets.h"

namespace remote_dram::bench {
namespace {

constexpr int kBusy = 4;
constexpr size_t kSmall = 64;
constexpr size_t kLarge = 1 << 20;
constexpr size_t kReaderBytesMin = 64 << 10;  // for smaller values, the look-up takes more time than the copy

std::vector<Load> OversubscribedLoads(Path path, const Flags&) {
  const Load put{.verb = Verb::kPut, .bytes = kLarge, .busy = kBusy};
  if (path == Path::kMapped) return {put};  // no server takes part in mapped reads
  return {{.verb = Verb::kGet, .bytes = kSmall, .busy = kBusy}, put};
}

// The rates of one way of reading ("ours" or a copy loop), round by round.
struct Scaling {
  Laps one;                         // with one reader
  std::vector<double> two;          // GB/s of two readers together
  std::vector<double> Ratios() const {
    std::vector<double> ratios;
    for (size_t i = 0; i < two.size(); ++i) ratios.push_back(two[i] / one[i].gigabytes_per_s);
    return ratios;
  }
};

std::map<std::string, Scaling> MeasureScaling(Reader& first, Reader& second, int rounds) {
  std::map<std::string, Scaling> scalings;
  for (int round = 0; round < rounds; ++round) {
    const int other = rounds + round;  // in step on the same keys, one reader would find what the other just brought
    for (const std::string& way : first.ways()) {
      second.Begin(way, other);
      scalings[way].one.push_back(second.End());
      first.Begin(way, round);
      second.Begin(way, other);
      const double ours = first.End().gigabytes_per_s;
      scalings[way].two.push_back(ours + second.End().gigabytes_per_s);
    }
  }
  return scalings;
}

void TwoReaders(const Flags& flags, Report& report) {
  const Table table("Crowded: one and two processes that read cold values, a bare copy loop and ours over a mapping",
                    {"size", "bare loop", "bare 1 GB/s", "bare 2 GB/s", "bare scaling", "our 1 GB/s", "our 2 GB/s",
                     "our scaling", "ratio", "target", ""});
  nlohmann::json& rows = report["readers"] = nlohmann::json::array();
  OurServer server;
  Client filler = server.Connect(Path::kShm);
  for (const size_t bytes : flags.sizes) {
    if (bytes < kReaderBytesMin) continue;
    const Load load{.verb = Verb::kGet, .bytes = bytes, .keys = std::max<size_t>(flags.cold_bytes / 4 / bytes, 2)};
    Buffers buffers(bytes);
    server.Hold(load.keys, bytes, filler, buffers);
    Reader first(kServerCpu, load, flags.pace, server.address());
    Reader second(kClientCpu, load, flags.pace, server.address());
    const std::map<std::string, Scaling> scalings = MeasureScaling(first, second, flags.rounds);
    std::string loop;
    for (const auto& [way, scaling] : scalings) {
      const auto rate = [&scalings](const std::string& of) {
        return MedianOf(scalings.at(of).one, &Figures::gigabytes_per_s);
      };
      if (way != "ours" && (loop.empty() || rate(way) > rate(loop))) loop = way;
    }
    const Scaling &bare = scalings.at(loop), &ours = scalings.at("ours");
    std::vector<double> ratios = ours.Ratios();
    for (size_t i = 0; i < ratios.size(); ++i) ratios[i] /= bare.Ratios()[i];
    const double ratio = Median(ratios);
    const bool met = report.Judge(kScalingRatio.IsMet(ratio));
    const double bare_one = MedianOf(bare.one, &Figures::gigabytes_per_s);
    const double our_one = MedianOf(ours.one, &Figures::gigabytes_per_s);
    table.Row({SizeText(bytes), loop, Digits(bare_one), Digits(Median(bare.two)), Digits(Median(bare.Ratios())),
               Digits(our_one), Digits(Median(ours.two)), Digits(Median(ours.Ratios())), Digits(ratio),
               kScalingRatio.Text(), met ? "met" : "missed"});
    rows.push_back({{"bytes", bytes}, {"loop", loop}, {"bare_gigabytes_per_s", {bare_one, Median(bare.two)}},
                    {"our_gigabytes_per_s", {our_one, Median(ours.two)}}, {"scaling_ratio", ratio},
                    {"target", kScalingRatio.Text()}, {"target_met", met}});
  }
}

}  // namespace

void Crowded(const Flags& flags, Report& report) {
  TwoReaders(flags, report);
  MeasureAll("oversubscribed", "Crowded: beside " + std::to_string(kBusy) + " processes that compute", flags,
             OversubscribedLoads, report);
}

}  // namespace remote_dram::bench
