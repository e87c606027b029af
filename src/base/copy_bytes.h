// CopyBytes: the fastest way to copy what is too large for the caches of a core.
//
// From rep_movsb_bytes_min on, on x86-64 with ERMS (enhanced REP MOVSB, CPUID leaf 7), it is one instruction: it
// writes whole lines without reading them first, which memcpy of some C libraries does only from several MiB on.
// Measured in bench/bound/copy_loops and doc/notes.md. Sanitizers see a memcpy.
// Memory: `to` has room for all bytes; the two do not overlap. Threads: any. Failure: none.
#ifndef REMOTE_DRAM_BASE_COPY_BYTES_H_
#define REMOTE_DRAM_BASE_COPY_BYTES_H_

#include <cstddef>
#include <string_view>

namespace remote_dram::base {

inline constexpr size_t rep_movsb_bytes_min = 64 << 10;

void CopyBytes(char* to, std::string_view from);

}  // namespace remote_dram::base

#endif  // REMOTE_DRAM_BASE_COPY_BYTES_H_
