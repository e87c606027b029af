// Patterns, keys and names.
#include "bench/contender.h"

#include <algorithm>
#include <cstring>

#include "bench/fail.h"

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
    : source(Pattern(bytes, kSourceSeed)), target(bytes, 0), stored_(Pattern(bytes, kStoredSeed)) {
  std::memcpy(&stored_word_, stored_.data(), sizeof stored_word_);
}

// Key 0 has the unchanged pattern, because that is the only value that the bare server holds.
std::string_view Buffers::Stored(size_t key, size_t bytes) {
  const uint64_t word = stored_word_ ^ key;
  std::memcpy(stored_.data(), &word, sizeof word);
  return {stored_.data(), bytes};
}

bool Buffers::Arrived(size_t key) const {
  const uint64_t word = stored_word_ ^ key;
  return std::memcmp(target.data(), &word, sizeof word) == 0;
}

void Buffers::RequireArrived(size_t key, size_t bytes, const std::string& who) {
  Require(std::memcmp(target.data(), Stored(key, bytes).data(), bytes) == 0, who + " brought other bytes");
}

void Buffers::Restamp() {
  ++stamp_;
  std::memcpy(source.data(), &stamp_, sizeof stamp_);
}

std::string_view KeyText::Of(size_t number) {
  for (char* digit = text_ + sizeof text_; digit != text_ + 8; number /= 10) {
    *--digit = static_cast<char>('0' + number % 10);
  }
  return {text_, sizeof text_};
}

std::string NameOf(Verb verb) {
  switch (verb) {
    case Verb::kGet: return "get";
    case Verb::kAllocatedGet: return "get, allocated";
    case Verb::kView: return "view";
    case Verb::kPut: return "put";
    case Verb::kStat: return "stat";
    case Verb::kList: return "list";
  }
  return "";
}

std::string SizeText(size_t bytes) {
  if (bytes >= 1 << 20) return std::to_string(bytes >> 20) + " MiB";
  if (bytes >= 1 << 10) return std::to_string(bytes >> 10) + " KiB";
  return std::to_string(bytes) + " B";
}

}  // namespace remote_dram::bench
