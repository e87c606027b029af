// TakeShortSlices, TakeUsualSlices: read the thread's scheduling attributes, and change only the slice.
#include "base/short_slice.h"

#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace remote_dram::base {
namespace {

void TakeSlices(std::chrono::nanoseconds slice) {
  SchedAttr attr;
  if (!ReadSchedAttr(&attr) || attr.policy != SCHED_OTHER) return;
  attr.size = sizeof attr;
  attr.runtime = static_cast<uint64_t>(slice.count());
  (void)syscall(SYS_sched_setattr, 0, &attr, 0);
}

}  // namespace

bool ReadSchedAttr(SchedAttr* attr) { return syscall(SYS_sched_getattr, 0, attr, sizeof *attr, 0) == 0; }

void TakeShortSlices() { TakeSlices(short_slice); }
void TakeUsualSlices() { TakeSlices({}); }  // 0: the kernel's default slice

}  // namespace remote_dram::base
