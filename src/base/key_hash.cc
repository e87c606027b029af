// SipHash-2-4, after the paper by Aumasson and Bernstein (2012).
#include "base/key_hash.h"

#include <bit>
#include <cstring>

namespace remote_dram::base {
namespace {

struct SipState {
  uint64_t v0, v1, v2, v3;

  void Round() {
    v0 += v1;
    v2 += v3;
    v1 = std::rotl(v1, 13) ^ v0;
    v3 = std::rotl(v3, 16) ^ v2;
    v0 = std::rotl(v0, 32);
    v2 += v1;
    v0 += v3;
    v1 = std::rotl(v1, 17) ^ v2;
    v3 = std::rotl(v3, 21) ^ v0;
    v2 = std::rotl(v2, 32);
  }
  void Absorb(uint64_t word) {
    v3 ^= word;
    Round();
    Round();
    v0 ^= word;
  }
};

// SipHash reads words as little-endian; this code relies on a little-endian host.
static_assert(std::endian::native == std::endian::little);
uint64_t LoadWord(std::string_view bytes) {
  uint64_t word;
  std::memcpy(&word, bytes.data(), sizeof word);
  return word;
}
uint64_t LoadRest(std::string_view bytes) {
  uint64_t word = 0;
  for (size_t i = 0; i < bytes.size(); ++i) {
    word |= uint64_t{static_cast<unsigned char>(bytes[i])} << (8 * i);
  }
  return word;
}

}  // namespace

uint64_t KeyHash(const HashSeed& seed, std::string_view key) {
  // The constants spell "somepseudorandomlygeneratedbytes".
  SipState state{seed.low ^ 0x736f6d6570736575, seed.high ^ 0x646f72616e646f6d,
                 seed.low ^ 0x6c7967656e657261, seed.high ^ 0x7465646279746573};
  const uint64_t length = key.size();
  for (; key.size() >= 8; key.remove_prefix(8)) state.Absorb(LoadWord(key));
  state.Absorb(length << 56 | LoadRest(key));
  state.v2 ^= 0xff;
  for (int i = 0; i < 4; ++i) state.Round();
  return state.v0 ^ state.v1 ^ state.v2 ^ state.v3;
}

}  // namespace remote_dram::base
