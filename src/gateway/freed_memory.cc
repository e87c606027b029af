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
  mallopt(M_MMAP_THRESHOLD, 32 << 20);  // the largest there is; what is larger comes from the system, and goes back
  mallopt(M_ARENA_MAX, 2);
#endif
}

}  // namespace remote_dram
