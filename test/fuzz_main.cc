// libFuzzer's entry points for a fuzz target: the input, and the target's seeds, which are not files, as mutations.
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include "base/fuzzing.h"

extern "C" size_t LLVMFuzzerMutate(uint8_t* data, size_t bytes, size_t bytes_max);

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t bytes) {
  remote_dram::fuzz::Run({reinterpret_cast<const char*>(data), bytes});
  return 0;
}

// Replaces one input in a hundred by an unchanged seed; all others are mutated by libFuzzer as usual.
extern "C" size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t bytes, size_t bytes_max,
                                          unsigned random) {
  constexpr unsigned mutations_per_seed = 100;
  static const std::vector<std::string> seeds = remote_dram::fuzz::Seeds();
  const std::string& seed = seeds[random / mutations_per_seed % seeds.size()];
  if (random % mutations_per_seed != 0 || seed.size() > bytes_max)
    return LLVMFuzzerMutate(data, bytes, bytes_max);
  std::memcpy(data, seed.data(), seed.size());
  return seed.size();
}
