// Speed: gets, views and puts of every size over every path.
#include <algorithm>

#include "bench/contest.h"

namespace remote_dram::bench {
namespace {

// Reads without a message, of one key that the caches hold and of more than they can.
std::vector<Load> MappedReads(const Flags& flags) {
  std::vector<Load> loads;
  for (const bool cold : {false, true}) {
    for (const size_t bytes : flags.sizes) {
      for (const Verb verb : flags.verbs) {
        if (verb == Verb::kPut) continue;
        const size_t keys = cold ? std::clamp<size_t>(flags.cold_bytes / bytes, 2, flags.cold_keys) : 1;
        loads.push_back({.verb = verb, .bytes = bytes, .keys = keys});
      }
    }
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
  return loads;
}

}  // namespace

void Speed(const Flags& flags, Report& report) {
  MeasureAll("speed", "Speed: the bound, ours and rivals, in turns", flags, LoadsOf, report);
}

}  // namespace remote_dram::bench
