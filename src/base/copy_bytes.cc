// CopyBytes: chooses the method by size, processor and build.
#include "base/copy_bytes.h"

#include <cstring>

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define REMOTE_DRAM_SANITIZED
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define REMOTE_DRAM_SANITIZED
#endif

#if defined(__x86_64__) && !defined(REMOTE_DRAM_SANITIZED)
#include <cpuid.h>
#endif

namespace remote_dram::base {
namespace {

#if defined(__x86_64__) && !defined(REMOTE_DRAM_SANITIZED)
constexpr unsigned kErms = 1u << 9;  // in EBX of CPUID leaf 7

bool HasErms() {
  unsigned a = 0, b = 0, c = 0, d = 0;
  return __get_cpuid_count(7, 0, &a, &b, &c, &d) != 0 && (b & kErms) != 0;
}

bool CopyByInstruction(char* to, std::string_view from) {
  static const bool has_erms = HasErms();
  if (!has_erms) return false;
  const char* data = from.data();
  size_t left = from.size();
  asm volatile("rep movsb" : "+D"(to), "+S"(data), "+c"(left) : : "memory");
  return true;
}
#else
bool CopyByInstruction(char*, std::string_view) { return false; }
#endif

}  // namespace

void CopyBytes(char* to, std::string_view from) {
  if (from.size() >= rep_movsb_bytes_min && CopyByInstruction(to, from)) return;
  if (!from.empty()) std::memcpy(to, from.data(), from.size());
}

void CopyPieces(char* to, std::span<const std::string_view> pieces) {
  for (const std::string_view piece : pieces) {
    CopyBytes(to, piece);
    to += piece.size();
  }
}

}  // namespace remote_dram::base
