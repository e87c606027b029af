// TakeShortSlices: what the thread has, with another slice.
#include "base/short_slice.h"

#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace remote_dram::base {

bool ReadSchedAttr(SchedAttr* attr) { return syscall(SYS_sched_getattr, 0, attr, sizeof *attr, 0) == 0; }

void TakeShortSlices() {
  SchedAttr attr;
  if (!ReadSchedAttr(&attr) || attr.policy != SCHED_OTHER) return;
  attr.size = sizeof attr;
  attr.runtime = static_cast<uint64_t>(std::chrono::nanoseconds(short_slice).count());
  (void)syscall(SYS_sched_setattr, 0, &attr, 0);
}

}  // namespace remote_dram::base
