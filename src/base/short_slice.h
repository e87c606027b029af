// TakeShortSlices: for a thread that mostly sleeps, does little work per wake-up, and that other threads wait for.
// TakeUsualSlices: for a thread that such a thread started, and that computes for long.
//
// A thread that wakes on a busy processor waits until a running thread has used up its time slice, about 3 ms. With the
// EEVDF scheduler, a thread that asks for a shorter slice of its own runs earlier, and gets no more processor time in total
// (Linux 6.12, Documentation/scheduler/sched-eevdf.rst; sched_setattr(2) with SCHED_OTHER).
// Memory: none. Threads: affects the calling thread, and those that it starts later. Failure: none; nothing changes if the
// kernel does not support such slices, forbids the call, or runs the thread under another policy. Limits: short_slice.
#ifndef REMOTE_DRAM_BASE_SHORT_SLICE_H_
#define REMOTE_DRAM_BASE_SHORT_SLICE_H_

#include <chrono>
#include <cstdint>

namespace remote_dram::base {

inline constexpr std::chrono::microseconds short_slice{100};  // the minimum that the kernel accepts

void TakeShortSlices();
void TakeUsualSlices();

// The first version of the kernel's struct sched_attr. Declared here because the kernel's header conflicts with that of
// the C library.
struct SchedAttr {
  uint32_t size = sizeof(SchedAttr);
  uint32_t policy = 0;
  uint64_t flags = 0;
  int32_t nice = 0;
  uint32_t priority = 0;
  uint64_t runtime = 0;  // ns; with SCHED_OTHER the slice, 0 if the kernel does not support slices
  uint64_t deadline = 0;
  uint64_t period = 0;
};
// Reads the attributes of the calling thread. False: the kernel does not tell them.
bool ReadSchedAttr(SchedAttr* attr);

}  // namespace remote_dram::base

#endif  // REMOTE_DRAM_BASE_SHORT_SLICE_H_
