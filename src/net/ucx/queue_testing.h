// For tests: blocks UCX's queues in shared memory, as a process does that is killed while it writes to them.
//
// A queue is a segment /dev/shm/ucx_shm_posix_*, unlinked but still mapped, that begins with the number of places ever
// reserved in it (uct_mm_fifo_ctl_t::head in UCX 1.13, src/uct/sm/mm/base/mm_iface.h). Segments of more than
// queue_bytes_max are not queues. Threads: any.
#ifndef REMOTE_DRAM_NET_UCX_QUEUE_TESTING_H_
#define REMOTE_DRAM_NET_UCX_QUEUE_TESTING_H_

#include <atomic>
#include <cstdint>
#include <cstdio>
#include <cstring>

namespace remote_dram::net::ucx {

inline constexpr uintptr_t queue_bytes_max = 64 << 10;

// Reserves a place in every queue that this process maps, and never fills it. Returns the number of queues.
inline int BlockQueues() {
  FILE* const maps = std::fopen("/proc/self/maps", "r");
  int blocked = 0;
  char line[512];
  while (std::fgets(line, sizeof line, maps) != nullptr) {
    uintptr_t begin = 0, end = 0;
    if (std::strstr(line, "ucx_shm_posix") == nullptr || std::sscanf(line, "%lx-%lx", &begin, &end) != 2) continue;
    if (end - begin > queue_bytes_max) continue;
    std::atomic_ref<uint64_t>(*reinterpret_cast<uint64_t*>(begin)).fetch_add(1);
    ++blocked;
  }
  std::fclose(maps);
  return blocked;
}

}  // namespace remote_dram::net::ucx

#endif  // REMOTE_DRAM_NET_UCX_QUEUE_TESTING_H_
