// CopyBytes: the fastest way to copy data that is too large for the caches of a core.
//
// On x86-64 with ERMS (enhanced REP MOVSB, CPUID leaf 7), a copy of rep_movsb_bytes_min or more is a single REP MOVSB. It
// writes whole cache lines without reading them first; memcpy of some C libraries does so only from several MiB on.
// Measured in bench/bound/copy_loops and doc/notes.md. Builds with a sanitizer always use memcpy.
// Memory: `to` has room for all bytes; the two do not overlap. Threads: any. Failure: none.
#ifndef REMOTE_DRAM_BASE_COPY_BYTES_H_
#define REMOTE_DRAM_BASE_COPY_BYTES_H_

#include <cstddef>
#include <span>
#include <string_view>

namespace remote_dram::base {

inline constexpr size_t rep_movsb_bytes_min = 64 << 10;

void CopyBytes(char* to, std::string_view from);
// Copies the pieces one behind the other.
void CopyPieces(char* to, std::span<const std::string_view> pieces);

}  // namespace remote_dram::base

#endif  // REMOTE_DRAM_BASE_COPY_BYTES_H_
