// The table of targets, with the rows that each target applies to.
#include "bench/targets.h"

#include "bench/report.h"

namespace remote_dram::bench {
namespace {

constexpr size_t kKiB = 1 << 10, kMiB = 1 << 20;
constexpr Figure kP50 = &Figures::p50_us, kBytes = &Figures::gigabytes_per_s, kItems = &Figures::items_per_s;
constexpr Goal AtMost(double value) { return {Goal::Is::kAtMost, value}; }
constexpr Goal AtLeast(double value) { return {Goal::Is::kAtLeast, value}; }

using Against = Target::Against;

// The shapes of loads that have targets.
enum class Shape { kOne, kPipelined, kCrowd, kBatch, kList, kBusy };

Shape ShapeOf(const Load& load) {
  if (load.busy > 0) return Shape::kBusy;
  if (load.verb == Verb::kList) return Shape::kList;
  if (load.batch > 1) return Shape::kBatch;
  if (load.clients > 1) return Shape::kCrowd;
  return load.in_flight > 1 ? Shape::kPipelined : Shape::kOne;
}

struct Entry {
  std::string_view path;
  Shape shape;
  Verb verb;
  size_t bytes_min, bytes_max;
  Target target;
};

constexpr Entry kTable[] = {
    {"mapped", Shape::kOne, Verb::kGet, 0, 4 * kKiB, {kP50, Against::kBound, AtMost(1.5)}},
    {"mapped", Shape::kOne, Verb::kGet, 0, 4 * kKiB, {kP50, Against::kMemcached, AtMost(1 / 20.0)}},
    {"mapped", Shape::kOne, Verb::kGet, 64 * kKiB, 64 * kMiB, {kP50, Against::kBound, AtMost(1.25)}},
    {"mapped", Shape::kOne, Verb::kView, 0, 64 * kMiB, {kP50, Against::kNothing, AtMost(2)}},
    // A ring's client and server connect over a Unix socket, so their bound is a bare Unix socket; a row shows its
    // ratio to the fastest bound, too.
    {"mapped", Shape::kOne, Verb::kPut, 0, 64, {kP50, Against::kSocket, AtMost(1.2)}},
    {"socket", Shape::kOne, Verb::kPut, 0, 64, {kP50, Against::kSocket, AtMost(1.2)}},
    {"mapped", Shape::kOne, Verb::kPut, 64 * kKiB, 64 * kMiB, {kBytes, Against::kBound, AtLeast(1)}},
    {"mapped", Shape::kPipelined, Verb::kPut, 64 * kKiB, 64 * kMiB, {kBytes, Against::kBound, AtLeast(1)}},
    {"shm", Shape::kOne, Verb::kPut, 0, 64, {kP50, Against::kBound, AtMost(1.5)}},
    {"tcp", Shape::kOne, Verb::kGet, 0, 64 * kMiB, {kP50, Against::kBound, AtMost(1.15)}},
    {"tcp", Shape::kOne, Verb::kPut, 0, 64 * kMiB, {kP50, Against::kBound, AtMost(1.15)}},
    {"tcp", Shape::kPipelined, Verb::kGet, kMiB, 64 * kMiB, {kBytes, Against::kBound, AtLeast(0.95)}},
    {"tcp", Shape::kPipelined, Verb::kPut, kMiB, 64 * kMiB, {kBytes, Against::kBound, AtLeast(0.95)}},
    {"tcp", Shape::kPipelined, Verb::kGet, 64 * kKiB, 64 * kKiB, {kBytes, Against::kMemcached, AtLeast(1.3)}},
    {"tcp", Shape::kPipelined, Verb::kPut, 64 * kKiB, 64 * kKiB, {kBytes, Against::kMemcached, AtLeast(1.3)}},
    {"shm", Shape::kCrowd, Verb::kGet, 0, 64, {kItems, Against::kRedis, AtLeast(2.5)}},
    {"tcp", Shape::kCrowd, Verb::kGet, 0, 64, {kItems, Against::kBound, AtLeast(0.9)}},
    {"mapped", Shape::kBatch, Verb::kGet, 0, 64, {kItems, Against::kNothing, AtLeast(5e6)}},
    {"tcp", Shape::kBatch, Verb::kGet, 0, 64, {kItems, Against::kNothing, AtLeast(2e6)}},
    {"tcp", Shape::kBatch, Verb::kGet, 4 * kKiB, 4 * kKiB, {kItems, Against::kRedis, AtLeast(2)}},
    {"mapped", Shape::kBatch, Verb::kStat, 0, 64, {kP50, Against::kNothing, AtMost(100)}},
    {"tcp", Shape::kBatch, Verb::kStat, 0, 64, {kP50, Against::kNothing, AtMost(300)}},
    {"tcp", Shape::kList, Verb::kList, 0, 64, {kP50, Against::kNothing, AtMost(50'000)}},
    {"gateway", Shape::kOne, Verb::kGet, kMiB, 16 * kMiB, {kBytes, Against::kBound, AtLeast(0.8)}},
    {"gateway", Shape::kOne, Verb::kPut, kMiB, 16 * kMiB, {kBytes, Against::kBound, AtLeast(0.8)}},
    {"gateway", Shape::kPipelined, Verb::kGet, kMiB, 16 * kMiB, {kBytes, Against::kBound, AtLeast(0.8)}},
    {"gateway", Shape::kPipelined, Verb::kPut, kMiB, 16 * kMiB, {kBytes, Against::kBound, AtLeast(0.8)}},
    {"shm", Shape::kBusy, Verb::kGet, 0, 64, {kP50, Against::kMemcached, AtMost(2)}},
    {"tcp", Shape::kBusy, Verb::kGet, 0, 64, {kP50, Against::kMemcached, AtMost(2)}},
};

std::string FigureText(Figure figure) {
  if (figure == kP50) return "p50";
  return figure == kBytes ? "GB/s" : "keys/s";
}

}  // namespace

std::string Goal::Text() const {
  const std::string number = value >= 1e6 ? Digits(value / 1e6) + " M" : Digits(value);
  return (is == Is::kAtMost ? "≤ " : "≥ ") + number;
}

std::string Target::Text() const {
  const std::string text = FigureText(figure) + " " + goal.Text();
  switch (against) {
    case Against::kNothing: return text + (figure == kP50 ? " µs" : "");
    case Against::kBound: return text + " × bound";
    case Against::kSocket: return text + " × bare socket";
    case Against::kMemcached: return text + " × memcached";
    case Against::kRedis: return text + " × redis";
  }
  return text;
}

std::vector<Target> TargetsOf(std::string_view path, const Load& load) {
  std::vector<Target> targets;
  // The bare programs hold only one value, so cold gets and puts have no bound, except gets over a mapping.
  if (load.keys > load.batch && load.moves() && (path != "mapped" || load.verb == Verb::kPut)) return targets;
  for (const Entry& entry : kTable) {
    const bool fits = path.starts_with(entry.path) && entry.shape == ShapeOf(load) && entry.verb == load.verb &&
                      load.bytes >= entry.bytes_min && load.bytes <= entry.bytes_max;
    if (fits) targets.push_back(entry.target);
  }
  return targets;
}

}  // namespace remote_dram::bench
