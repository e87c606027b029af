// KeyHash: a seeded 64-bit hash of a key (SipHash-2-4). Without the seed, nobody can choose keys that all fall into one
// shard.
//
// Memory and threads: a pure function with 16 bytes of seed.
// Failure: none.
#ifndef REMOTE_DRAM_BASE_KEY_HASH_H_
#define REMOTE_DRAM_BASE_KEY_HASH_H_

#include <cstdint>
#include <string_view>

namespace remote_dram::base {

struct HashSeed {
  uint64_t low = 0;
  uint64_t high = 0;
};

uint64_t KeyHash(const HashSeed& seed, std::string_view key);

}  // namespace remote_dram::base

#endif  // REMOTE_DRAM_BASE_KEY_HASH_H_
