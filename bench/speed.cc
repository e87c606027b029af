// Speed: gets, views and puts of every size over every path.
#include <algorithm>

#include "bench/contest.h"

namespace remote_dram::bench {
namespace {

// The number of keys of a cold row: more keys, or for large values more bytes, than any cache holds.
size_t ColdKeys(size_t bytes, const Flags& flags) {
  return std::clamp<size_t>(flags.cold_bytes / bytes, 2, flags.cold_keys);
}

bool Has(const Flags& flags, Verb verb) {
  return std::find(flags.verbs.begin(), flags.verbs.end(), verb) != flags.verbs.end();
}

// The caller reads a mapping by itself, without a message, so these rows always have one read in flight.
std::vector<Load> MappedReads(const Flags& flags) {
  std::vector<Load> loads;
  for (const bool cold : {false, true}) {
    for (const size_t bytes : flags.sizes) {
      for (const Verb verb : flags.verbs) {
        if (verb == Verb::kPut) continue;
        loads.push_back({.verb = verb, .bytes = bytes, .keys = cold ? ColdKeys(bytes, flags) : 1});
      }
    }
  }
  for (const size_t bytes : flags.sizes) {
    const bool is_large = bytes == 1 << 20 || bytes == 16 << 20;
    if (is_large && Has(flags, Verb::kGet)) loads.push_back({.verb = Verb::kAllocatedGet, .bytes = bytes});
  }
  return loads;
}

std::vector<Load> LoadsOf(Path path, const Flags& flags) {
  const bool mapped = path == Path::kMapped;
  std::vector<Load> loads = mapped ? MappedReads(flags) : std::vector<Load>();
  for (const int in_flight : flags.in_flight) {
    for (const Verb verb : flags.verbs) {
      if (verb == Verb::kView || (mapped && verb != Verb::kPut)) continue;
      for (const size_t bytes : flags.sizes) loads.push_back({.verb = verb, .bytes = bytes, .in_flight = in_flight});
    }
  }
  for (const size_t bytes : flags.sizes) {
    if (mapped || !Has(flags, Verb::kGet)) continue;
    loads.push_back({.verb = Verb::kGet, .bytes = bytes, .keys = ColdKeys(bytes, flags)});
  }
  for (const size_t bytes : flags.sizes) {
    const bool is_chosen = (bytes == 64 << 10 || bytes == 1 << 20) && (mapped || path == Path::kTcp);
    if (!is_chosen || !Has(flags, Verb::kPut)) continue;
    loads.push_back({.verb = Verb::kPut, .bytes = bytes, .keys = ColdKeys(bytes, flags)});
  }
  return loads;
}

}  // namespace

void Speed(const Flags& flags, Report& report) {
  MeasureAll("speed", "Speed: the bound, ours and rivals, in turns", flags, LoadsOf, report);
}

}  // namespace remote_dram::bench
