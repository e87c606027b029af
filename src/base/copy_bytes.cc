// CopyBytes: chooses the method by size, place, processor and build.
#include "base/copy_bytes.h"

#include <algorithm>
#include <cstdint>
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
#include <emmintrin.h>
#define REMOTE_DRAM_HAS_COPY_LOOPS
#endif

namespace remote_dram::base {
namespace {

void CopyByLibrary(char* to, std::string_view from) {
  if (!from.empty()) std::memcpy(to, from.data(), from.size());
}

#ifdef REMOTE_DRAM_HAS_COPY_LOOPS
constexpr size_t kLine = 64, kPage = 4096;  // bytes
constexpr unsigned kErms = 1u << 9;         // in EBX of CPUID leaf 7

bool HasErms() {
  static const bool has_erms = [] {
    unsigned a = 0, b = 0, c = 0, d = 0;
    return __get_cpuid_count(7, 0, &a, &b, &c, &d) != 0 && (b & kErms) != 0;
  }();
  return has_erms;
}

void CopyByInstruction(char* to, std::string_view from) {
  const char* data = from.data();
  size_t left = from.size();
  asm volatile("rep movsb" : "+D"(to), "+S"(data), "+c"(left) : : "memory");
}

// If addresses are taken modulo kPage: the target begins after the source, by less than kLine.
bool FollowsClosely(const char* to, const char* from) {
  const uintptr_t ahead = (reinterpret_cast<uintptr_t>(to) - reinterpret_cast<uintptr_t>(from)) % kPage;
  return ahead > 0 && ahead < kLine;
}

template <typename Store>
void CopyByLines(char* to, std::string_view from, Store store) {
  const size_t head = std::min(from.size(), -reinterpret_cast<uintptr_t>(to) % kLine);
  CopyByLibrary(to, from.substr(0, head));
  for (to += head, from.remove_prefix(head); from.size() >= kLine; to += kLine, from.remove_prefix(kLine)) {
    const auto* const source = reinterpret_cast<const __m128i*>(from.data());
    auto* const target = reinterpret_cast<__m128i*>(to);
    const __m128i a = _mm_loadu_si128(source), b = _mm_loadu_si128(source + 1);
    const __m128i c = _mm_loadu_si128(source + 2), d = _mm_loadu_si128(source + 3);
    store(target, a);
    store(target + 1, b);
    store(target + 2, c);
    store(target + 3, d);
  }
  CopyByLibrary(to, from);
}
#endif

}  // namespace

void CopyBytes(char* to, std::string_view from, [[maybe_unused]] Stores stores) {
#ifdef REMOTE_DRAM_HAS_COPY_LOOPS
  if (stores == Stores::kStreaming && !from.empty()) {
    CopyByLines(to, from, [](__m128i* target, __m128i value) { _mm_stream_si128(target, value); });
    return _mm_sfence();  // else others might see later stores of this thread before these
  }
  if (from.size() >= library_movsb_bytes_min && FollowsClosely(to, from.data())) {
    return CopyByLines(to, from, [](__m128i* target, __m128i value) { _mm_store_si128(target, value); });
  }
  if (from.size() >= rep_movsb_bytes_min && HasErms()) return CopyByInstruction(to, from);
#endif
  CopyByLibrary(to, from);
}

void CopyPieces(char* to, std::span<const std::string_view> pieces, Stores stores) {
  for (const std::string_view piece : pieces) {
    CopyBytes(to, piece, stores);
    to += piece.size();
  }
}

}  // namespace remote_dram::base
