// TakeShortSlices: for a thread that mostly sleeps and whose work is short, and that others wait for. TakeUsualSlices: for
// one that such a thread started, and that works long.
//
// A thread that wakes while others compute waits until one of them has used up its slice, 3 ms or so. Its own slice is its
// part of the bargain: who asks for a shorter one runs earlier, and has no more of the processor in all (Linux 6.12,
// Documentation/scheduler/sched-eevdf.rst; sched_setattr(2) with SCHED_OTHER).
// Memory: none. Threads: the calling one, and those that it starts. Failure: none; a kernel that knows no such slices,
// forbids it, or runs the thread by another policy, leaves things as they are. Limits: short_slice.
#ifndef REMOTE_DRAM_BASE_SHORT_SLICE_H_
#define REMOTE_DRAM_BASE_SHORT_SLICE_H_

#include <chrono>
#include <cstdint>

namespace remote_dram::base {

inline constexpr std::chrono::microseconds short_slice{100};  // the least that the kernel gives

void TakeShortSlices();
void TakeUsualSlices();

// The kernel's struct sched_attr in its first version: its header does not go together with the C library's.
struct SchedAttr {
  uint32_t size = sizeof(SchedAttr);
  uint32_t policy = 0;
  uint64_t flags = 0;
  int32_t nice = 0;
  uint32_t priority = 0;
  uint64_t runtime = 0;  // ns; with SCHED_OTHER the slice, 0 where the kernel has none
  uint64_t deadline = 0;
  uint64_t period = 0;
};
// That of the calling thread; false: the kernel does not tell.
bool ReadSchedAttr(SchedAttr* attr);

}  // namespace remote_dram::base

#endif  // REMOTE_DRAM_BASE_SHORT_SLICE_H_
