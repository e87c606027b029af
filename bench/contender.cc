// Patterns and names.
#include "bench/contender.h"

#include <algorithm>
#include <cstring>

namespace remote_dram::bench {

std::string Pattern(size_t bytes, uint64_t seed) {
  std::string pattern(bytes, 0);
  for (size_t at = 0; at < bytes; at += sizeof(uint64_t)) {
    const uint64_t word = (at / sizeof(uint64_t) + (seed << 32)) * 0x9e3779b97f4a7c15;
    std::memcpy(pattern.data() + at, &word, std::min(sizeof word, bytes - at));
  }
  return pattern;
}

Buffers::Buffers(size_t bytes)
    : stored(Pattern(bytes, kStoredSeed)), source(Pattern(bytes, kSourceSeed)), target(bytes, 0) {}

void Buffers::Restamp() {
  ++stamp_;
  std::memcpy(source.data(), &stamp_, sizeof stamp_);
}

std::string NameOf(Verb verb) { return verb == Verb::kGet ? "get" : "put"; }

std::string NameOf(Path path) { return path == Path::kShm ? "shm" : "tcp"; }

}  // namespace remote_dram::bench
