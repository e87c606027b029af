// KeepFreedMemory: three parameters of glibc's malloc (mallopt(3)).
#include <cstdlib>

#include "remote_dram/gateway.h"

#ifdef __GLIBC__
#include <malloc.h>
#endif

namespace remote_dram {

void KeepFreedMemory() {
#ifdef __GLIBC__
  mallopt(M_TRIM_THRESHOLD, freed_bytes_kept_max);
  mallopt(M_MMAP_THRESHOLD, 32 << 20);  // the maximum; a larger block is mapped, and returned to the system when freed
  mallopt(M_ARENA_MAX, 2);
#endif
}

}  // namespace remote_dram
