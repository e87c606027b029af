// Small functions on bytes: integers in a fixed order, and text that is safe to print.
//
// Memory and threads: pure functions on what the caller passes.
// Failure: none.
#ifndef REMOTE_DRAM_BASE_BYTES_H_
#define REMOTE_DRAM_BASE_BYTES_H_

#include <cstdint>
#include <string>
#include <string_view>

namespace remote_dram::base {

inline uint64_t LoadBigEndian64(const char* from) {
  uint64_t value = 0;
  for (int i = 0; i < 8; ++i) value = value << 8 | static_cast<unsigned char>(from[i]);
  return value;
}

inline void StoreBigEndian64(uint64_t value, char* to) {
  for (int i = 7; i >= 0; --i, value >>= 8) to[i] = static_cast<char>(value);
}

// "0a1bff"
std::string Hex(std::string_view bytes);

// A key for use in messages: in quotes, each byte that is not printable ASCII as \x.., cut after 64 bytes.
std::string Quoted(std::string_view key);

// "1.5 GiB", "768 bytes": at most four significant digits.
std::string HumanBytes(uint64_t bytes);

// "connection refused": the system's text for a value of errno.
std::string ErrorText(int error);

}  // namespace remote_dram::base

#endif  // REMOTE_DRAM_BASE_BYTES_H_
