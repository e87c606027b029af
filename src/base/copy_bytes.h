// CopyBytes: the fastest way to copy data that is too large for the caches of a core.
//
// On x86-64 with ERMS (enhanced REP MOVSB, CPUID leaf 7), a copy of rep_movsb_bytes_min or more is a single REP MOVSB. It
// writes whole cache lines without reading them first; memcpy of some C libraries does so only from several MiB on. But
// where the target follows the source by less than a line, modulo a page of 4096 bytes, REP MOVSB of some processors takes up
// to 14 times as long, also inside memcpy from library_movsb_bytes_min on; there, vector registers copy.
// Streaming stores (MOVNTDQ) write past the caches: faster for much data that is not read again soon. Others see them before
// what the caller stores next, as they do ordinary stores.
// Measured in bench/bound/copy_loops and doc/notes.md. Builds with a sanitizer always use memcpy.
// Memory: `to` has room for all bytes; the two do not overlap. Threads: any. Failure: none.
#ifndef REMOTE_DRAM_BASE_COPY_BYTES_H_
#define REMOTE_DRAM_BASE_COPY_BYTES_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace remote_dram::base {

inline constexpr size_t rep_movsb_bytes_min = 64 << 10;
inline constexpr size_t library_movsb_bytes_min = 2 << 10;  // the least in glibc
inline constexpr size_t stream_bytes_min = 1 << 20;         // from here on, a copy does not fit a core's own caches
inline constexpr size_t stream_read_bytes_min = 16 << 20;   // nor, from here on, with its source, a last-level cache of 32 MiB

enum class Stores { kCached, kStreaming };

// For a value of so many bytes, which may be copied in pieces.
constexpr Stores StoresFor(uint64_t bytes) { return bytes < stream_bytes_min ? Stores::kCached : Stores::kStreaming; }

void CopyBytes(char* to, std::string_view from, Stores stores = Stores::kCached);
// For a reader, who may look at the copy at once: past the caches only from stream_read_bytes_min on.
inline void CopyForReader(char* to, std::string_view from) {
  CopyBytes(to, from, from.size() < stream_read_bytes_min ? Stores::kCached : Stores::kStreaming);
}
// Copies the pieces one behind the other.
void CopyPieces(char* to, std::span<const std::string_view> pieces, Stores stores = Stores::kCached);

}  // namespace remote_dram::base

#endif  // REMOTE_DRAM_BASE_COPY_BYTES_H_
