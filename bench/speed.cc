// Speed: the bound and ours in turns, row by row.
#include <algorithm>
#include <memory>

#include "bench/bound/bare_client.h"
#include "bench/modes.h"
#include "bench/ours.h"

namespace remote_dram::bench {
namespace {

using Laps = std::vector<Figures>;  // of one contender, one a round

double MedianOf(const Laps& laps, double Figures::*figure) {
  std::vector<double> values;
  for (const Figures& lap : laps) values.push_back(lap.*figure);
  return Median(values);
}

Figures MedianOf(const Laps& laps) {
  return {MedianOf(laps, &Figures::p50_us), MedianOf(laps, &Figures::p99_us),
          MedianOf(laps, &Figures::gigabytes_per_s)};
}

// Of laps of the same round, since a noisy neighbour disturbs both alike.
double MedianRatio(const Laps& ours, const Laps& bound, double Figures::*figure) {
  std::vector<double> ratios;
  for (size_t i = 0; i < ours.size(); ++i) ratios.push_back(ours[i].*figure / (bound[i].*figure));
  return Median(ratios);
}

// A row's target: what is compared, and where ours has to lie.
struct Target {
  double Figures::*figure;
  double ratio;
  bool at_most;
  bool IsMet(double measured) const { return at_most ? measured <= ratio : measured >= ratio; }
  std::string Text() const { return (at_most ? "p50 ≤ " : "GB/s ≥ ") + Digits(ratio); }
};

const Target* TargetOf(const Load& load) {
  static constexpr Target kOneInFlight{&Figures::p50_us, 2, true};
  static constexpr Target kManyInFlight{&Figures::gigabytes_per_s, 0.7, false};
  if (load.in_flight == 1) return &kOneInFlight;
  return load.bytes >= 1 << 20 ? &kManyInFlight : nullptr;
}

std::string SizeText(size_t bytes) {
  if (bytes >= 1 << 20) return std::to_string(bytes >> 20) + " MiB";
  if (bytes >= 1 << 10) return std::to_string(bytes >> 10) + " KiB";
  return std::to_string(bytes) + " B";
}

nlohmann::json ToJson(const Figures& figures) {
  return {{"p50_us", figures.p50_us}, {"p99_us", figures.p99_us}, {"gigabytes_per_s", figures.gigabytes_per_s}};
}

struct Contest {
  std::vector<std::unique_ptr<Contender>> bounds;
  std::unique_ptr<Contender> ours;

  void Row(Path path, const Load& load, const Flags& flags, Buffers& buffers, const Table& table,
           nlohmann::json& rows) const;
};

void Contest::Row(Path path, const Load& load, const Flags& flags, Buffers& buffers, const Table& table,
                  nlohmann::json& rows) const {
  std::vector<Laps> bound_laps(bounds.size());
  Laps our_laps;
  for (int round = 0; round < flags.rounds; ++round) {
    if (round % 2 == 1) our_laps.push_back(ours->Run(load, flags.pace, buffers));
    for (size_t i = 0; i < bounds.size(); ++i) {
      if (bounds[i]->Takes(load)) bound_laps[i].push_back(bounds[i]->Run(load, flags.pace, buffers));
    }
    if (round % 2 == 0) our_laps.push_back(ours->Run(load, flags.pace, buffers));
  }
  // The faster mode is the one of the higher rate: with one in flight it has the shorter time, too.
  size_t best = 0;
  for (size_t i = 1; i < bounds.size(); ++i) {
    const auto rate = [&bound_laps](size_t of) { return MedianOf(bound_laps[of], &Figures::gigabytes_per_s); };
    if (rate(i) > rate(best)) best = i;
  }
  const Figures bound = MedianOf(bound_laps[best]), our = MedianOf(our_laps);
  const double p50_ratio = MedianRatio(our_laps, bound_laps[best], &Figures::p50_us);
  const double rate_ratio = MedianRatio(our_laps, bound_laps[best], &Figures::gigabytes_per_s);
  const Target* const target = TargetOf(load);
  const bool met = !target || target->IsMet(target->at_most ? p50_ratio : rate_ratio);
  table.Row({NameOf(path), NameOf(load.verb), SizeText(load.bytes), std::to_string(load.in_flight),
             bounds[best]->name(), Digits(bound.p50_us), Digits(our.p50_us), Digits(p50_ratio),
             Digits(bound.p99_us), Digits(our.p99_us), Digits(bound.gigabytes_per_s),
             Digits(our.gigabytes_per_s), Digits(rate_ratio), target ? target->Text() : "", met ? "" : "missed"});
  rows.push_back({{"path", NameOf(path)}, {"verb", NameOf(load.verb)}, {"bytes", load.bytes},
                  {"in_flight", load.in_flight}, {"bound_mode", bounds[best]->name()}, {"bound", ToJson(bound)},
                  {"ours", ToJson(our)}, {"p50_ratio", p50_ratio}, {"rate_ratio", rate_ratio},
                  {"target", target ? target->Text() : ""}, {"target_met", met}});
}

}  // namespace

void Speed(const Flags& flags, Report& report) {
  Buffers buffers(*std::max_element(flags.sizes.begin(), flags.sizes.end()));
  const OurServer server;
  const Table table("Speed: a bare UCX program (the bound) and ours, in turns",
                    {"path", "verb", "size", "in flight", "bound", "bound p50 µs", "our p50 µs", "ratio",
                     "bound p99 µs", "our p99 µs", "bound GB/s", "our GB/s", "ratio", "target", ""});
  nlohmann::json& rows = report["speed"] = nlohmann::json::array();
  for (const Path path : flags.paths) {
    const Contest contest{MakeBound(path), std::make_unique<OurClient>(server, path)};
    for (const int in_flight : flags.in_flight) {
      for (const Verb verb : flags.verbs) {
        for (const size_t size : flags.sizes) {
          contest.Row(path, {verb, size, in_flight}, flags, buffers, table, rows);
        }
      }
    }
  }
}

}  // namespace remote_dram::bench
