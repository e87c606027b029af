// memcpy, `rep movsb`, and non-temporal stores, which bypass the caches.
#include "bench/bound/copy_loops.h"

#include <cstdint>
#include <cstring>

#ifdef __x86_64__
#include <immintrin.h>
#endif

namespace remote_dram::bench {
namespace {

void Memcpy(char* to, const char* from, size_t bytes) { std::memcpy(to, from, bytes); }

#ifdef __x86_64__

void Movsb(char* to, const char* from, size_t bytes) {
  asm volatile("rep movsb" : "+D"(to), "+S"(from), "+c"(bytes) : : "memory");
}

// Copies four pages at once, which keeps more memory banks, and more of the processor's prefetchers, at work.
void Streams(char* to, const char* from, size_t bytes) {
  constexpr size_t kPage = 4096, kPages = 4, kLine = 64;
  const size_t head = -reinterpret_cast<uintptr_t>(to) % kLine;
  if (bytes < head + kPages * kPage) return Memcpy(to, from, bytes);
  std::memcpy(to, from, head);
  size_t at = head;
  for (; at + kPages * kPage <= bytes; at += kPages * kPage) {
    for (size_t line = 0; line < kPage; line += kLine) {
      for (size_t page = 0; page < kPages; ++page) {
        const auto* const source = reinterpret_cast<const __m128i*>(from + at + page * kPage + line);
        auto* const target = reinterpret_cast<__m128i*>(to + at + page * kPage + line);
        const __m128i a = _mm_loadu_si128(source), b = _mm_loadu_si128(source + 1);
        const __m128i c = _mm_loadu_si128(source + 2), d = _mm_loadu_si128(source + 3);
        _mm_stream_si128(target, a);
        _mm_stream_si128(target + 1, b);
        _mm_stream_si128(target + 2, c);
        _mm_stream_si128(target + 3, d);
      }
    }
  }
  _mm_sfence();
  std::memcpy(to + at, from + at, bytes - at);
}

#endif

}  // namespace

std::vector<CopyLoop> CopyLoops() {
#ifdef __x86_64__
  return {{"memcpy", Memcpy}, {"movsb", Movsb}, {"streams", Streams}};
#else
  return {{"memcpy", Memcpy}};
#endif
}

}  // namespace remote_dram::bench
