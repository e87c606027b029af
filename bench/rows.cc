// Turns scores into table cells and JSON.
#include "bench/rows.h"

#include <algorithm>

#include "bench/fail.h"
#include "bench/rivals/rival_server.h"

namespace remote_dram::bench {
namespace {

const Score& Ours(const std::vector<Score>& scores) {
  for (const Score& score : scores) {
    if (score.role == Score::Role::kOurs) return score;
  }
  Fail("a row without ours");
}

const Score* Named(const std::string& name, const std::vector<Score>& scores) {
  for (const Score& score : scores) {
    if (score.name == name && !score.laps.empty()) return &score;
  }
  return nullptr;
}

const Score* Best(const Score* one, const Score* other, Figure figure) {
  if (!one || !other) return one ? one : other;
  const bool is_time = figure == &Figures::p50_us || figure == &Figures::p99_us;
  const double lead = MedianOf(one->laps, figure) - MedianOf(other->laps, figure);
  return (is_time ? lead < 0 : lead > 0) ? one : other;
}

const Score* Opponent(const Target& target, const std::vector<Score>& scores) {
  switch (target.against) {
    case Target::Against::kNothing: return nullptr;
    case Target::Against::kBound: return BestBound(scores, target.figure);
    case Target::Against::kSocket: return Best(Named("socket", scores), Named("spinning", scores), target.figure);
    case Target::Against::kMemcached: return Named("memcached", scores);
    case Target::Against::kRedis: return Named("redis", scores);
  }
  return nullptr;
}

std::string CountText(size_t count) {
  if (count >= 1'000'000) return Digits(static_cast<double>(count) / 1e6) + " M";
  return std::to_string(count);
}

std::string KeysText(const Load& load) {
  if (load.batch > 1) return CountText(load.batch) + " at once";
  if (load.verb == Verb::kList || load.verb == Verb::kStat) return CountText(load.keys);
  return load.keys == 1 ? "1, hot" : CountText(load.keys) + ", cold";
}

std::string InFlightText(const Load& load) {
  return (load.clients > 1 ? std::to_string(load.clients) + " × " : "") + std::to_string(load.in_flight);
}

// GB/s; for batches, lists, stats and several clients, millions of keys per second.
std::string RateText(const Load& load, const Figures& figures) {
  const bool many = load.items() > 1 || load.clients > 1 || load.verb == Verb::kStat;
  return many ? Digits(figures.items_per_s / 1e6) + " M/s" : Digits(figures.gigabytes_per_s);
}

nlohmann::json ToJson(const Score& score) {
  const Figures figures = MedianOf(score.laps);
  return {{"name", score.name},
          {"role", score.role == Score::Role::kBound ? "bound" : score.role == Score::Role::kOurs ? "ours" : "rival"},
          {"p50_us", figures.p50_us}, {"p99_us", figures.p99_us},
          {"gigabytes_per_s", figures.gigabytes_per_s}, {"items_per_s", figures.items_per_s}};
}

std::vector<std::string> Columns(const std::vector<std::string>& rivals) {
  std::vector<std::string> columns{"path", "verb", "keys", "size", "in flight", "bound", "bound p50 µs", "our p50 µs",
                                   "ratio", "bound p99 µs", "our p99 µs", "bound GB/s", "our GB/s", "ratio"};
  for (const std::string& rival : rivals) {
    columns.push_back(rival + " p50 µs");
    columns.push_back(rival + " GB/s");
  }
  columns.insert(columns.end(), {"target", ""});
  return columns;
}

}  // namespace

const Score* BestBound(const std::vector<Score>& scores, Figure figure) {
  const Score* best = nullptr;
  for (const Score& score : scores) {
    if (score.role == Score::Role::kBound && !score.laps.empty()) best = Best(best, &score, figure);
  }
  return best;
}

std::optional<double> Measured(const Target& target, const std::vector<Score>& scores) {
  const Score& ours = Ours(scores);
  if (ours.laps.empty()) return std::nullopt;
  if (target.against == Target::Against::kNothing) return MedianOf(ours.laps, target.figure);
  const Score* const other = Opponent(target, scores);
  if (!other) return std::nullopt;
  return MedianRatio(ours.laps, other->laps, target.figure);
}

Rows::Rows(const std::string& mode, const std::string& title, std::vector<std::string> rivals, Report& report)
    : report_(report), json_(report[mode] = nlohmann::json::array()), rivals_(std::move(rivals)),
      table_(title, Columns(rivals_)) {}

void Rows::Add(const std::string& path, const Load& load, const std::vector<Score>& scores) const {
  const Score* const bound = BestBound(scores, &Figures::items_per_s);
  const Score& ours = Ours(scores);
  const Figures our = MedianOf(ours.laps);
  const Figures least = bound ? MedianOf(bound->laps) : Figures{};
  const auto with_bound = [bound](const std::string& text) { return bound ? text : std::string(); };
  const auto ratio = [bound, &ours](Figure figure) {
    return bound ? Digits(MedianRatio(ours.laps, bound->laps, figure)) : std::string();
  };
  std::vector<std::string> cells{path, NameOf(load.verb), KeysText(load), SizeText(load.bytes),
                                 InFlightText(load), bound ? bound->name : "", with_bound(Digits(least.p50_us)),
                                 Digits(our.p50_us), ratio(&Figures::p50_us), with_bound(Digits(least.p99_us)),
                                 Digits(our.p99_us), with_bound(RateText(load, least)), RateText(load, our),
                                 ratio(&Figures::items_per_s)};
  for (const std::string& name : rivals_) {
    const Score* const rival = Named(name, scores);
    const bool is_program = std::find(kRivals.begin(), kRivals.end(), name) != kRivals.end();
    const std::string none = is_program && !IsInstalled(name) ? "not installed" : "";
    const Figures theirs = rival ? MedianOf(rival->laps) : Figures{};
    cells.push_back(rival ? Digits(theirs.p50_us) : none);
    cells.push_back(rival ? RateText(load, theirs) : none);
  }
  nlohmann::json row = {{"path", path}, {"verb", NameOf(load.verb)}, {"bytes", load.bytes},
                        {"keys", load.keys}, {"batch", load.batch}, {"clients", load.clients},
                        {"in_flight", load.in_flight}, {"busy", load.busy}, {"bound", bound ? bound->name : ""},
                        {"contenders", nlohmann::json::array()}, {"targets", nlohmann::json::array()}};
  for (const Score& score : scores) {
    if (!score.laps.empty()) row["contenders"].push_back(ToJson(score));
  }
  std::string texts, verdict;
  for (const Target& target : TargetsOf(path, load)) {
    const std::optional<double> measured = Measured(target, scores);
    texts += (texts.empty() ? "" : "; ") + target.Text();
    if (!measured) continue;
    const bool met = report_.Judge(target.goal.IsMet(*measured));
    verdict += (verdict.empty() ? "" : "; ") + (met ? "met" : "missed, " + Digits(*measured));
    row["targets"].push_back({{"target", target.Text()}, {"measured", *measured}, {"met", met}});
  }
  cells.push_back(texts);
  cells.push_back(verdict);
  table_.Row(cells);
  json_.push_back(std::move(row));
}

}  // namespace remote_dram::bench
