// Callback<Args...> and Task: work to be run later, possibly on another thread.
//
// Memory, threads, failure: see remote_dram/callback.h.
#ifndef REMOTE_DRAM_BASE_TASK_H_
#define REMOTE_DRAM_BASE_TASK_H_

#include "remote_dram/callback.h"

namespace remote_dram::base {

using remote_dram::Callback;
using Task = Callback<>;

}  // namespace remote_dram::base

#endif  // REMOTE_DRAM_BASE_TASK_H_
