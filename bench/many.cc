// Many: batches, stats, lists, and small gets of many clients at once.
#include "bench/contest.h"

namespace remote_dram::bench {
namespace {

constexpr size_t kBatch = 1000;
constexpr size_t kSmall = 64, kPage = 4096;
constexpr int kClients = 16, kDepth = 16;

std::vector<Load> LoadsOf(Path path, const Flags& flags) {
  std::vector<Load> loads{
      {.verb = Verb::kGet, .bytes = kSmall, .keys = kBatch, .batch = kBatch},
      {.verb = Verb::kStat, .bytes = kSmall, .keys = kBatch, .batch = kBatch},
      {.verb = Verb::kStat, .bytes = kSmall, .keys = kBatch},
      {.verb = Verb::kGet, .bytes = kPage, .keys = kBatch, .batch = kBatch},
      {.verb = Verb::kPut, .bytes = kSmall, .keys = kBatch, .batch = kBatch},
      {.verb = Verb::kPut, .bytes = kPage, .keys = kBatch, .batch = kBatch},
      {.verb = Verb::kList, .bytes = kSmall, .keys = flags.listed_keys},
      {.verb = Verb::kGet, .bytes = kSmall, .in_flight = kDepth, .clients = kClients},
  };
  // Without the last two: a caller reads a mapping by itself, so no get is in flight, and a mapping has no lists.
  if (path == Path::kMapped) loads.resize(6);
  return loads;
}

}  // namespace

void Many(const Flags& flags, Report& report) {
  MeasureAll("many", "Many: batches, stats, lists, and small gets of many clients", flags, LoadsOf, report);
}

}  // namespace remote_dram::bench
