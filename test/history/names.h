// The names of a load's keys: names sort like their numbers. Copies go from the first half of the keys to the second.
//
// Key 3 of 64 is "a/000003", key 35 is its copy "b/000003"; 64, the end of all keys, is "c/".
// Memory and threads: pure functions. Failure: KeyOf returns nothing for a name that no key has.
// Limits: keys_max.
#ifndef REMOTE_DRAM_TEST_HISTORY_NAMES_H_
#define REMOTE_DRAM_TEST_HISTORY_NAMES_H_

#include <cstdint>
#include <cstdio>
#include <optional>
#include <string>

#include "remote_dram/verbs.h"

namespace remote_dram::history {

inline constexpr uint32_t keys_max = 1'000'000;  // an even number

inline std::string NameOf(uint32_t key, uint32_t keys) {
  if (key >= keys) return "c/";
  const bool copy = key >= keys / 2;
  char name[16];
  std::snprintf(name, sizeof name, "%c/%06u", copy ? 'b' : 'a', (copy ? key - keys / 2 : key) % keys_max);
  return name;
}

inline std::optional<uint32_t> KeyOf(const std::string& name, uint32_t keys) {
  char half = 0;
  uint32_t number = 0;
  if (std::sscanf(name.c_str(), "%c/%06u", &half, &number) != 2) return std::nullopt;
  const uint32_t key = number + (half == 'b' ? keys / 2 : 0);
  return NameOf(key, keys) == name ? std::optional(key) : std::nullopt;
}

// The keys from `first` up to, but not including, `end`. A range that ends with the first half ends at "a0", before the
// copies under "b".
inline KeyRange RangeOf(uint32_t first, uint32_t end, uint32_t keys) {
  return {NameOf(first, keys), end == keys / 2 ? "a0" : NameOf(end, keys)};
}

}  // namespace remote_dram::history

#endif  // REMOTE_DRAM_TEST_HISTORY_NAMES_H_
