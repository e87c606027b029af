// ReadPlan: decides which reads of one batch share a message, and which are sent alone.
//
// Small reads are cheap to copy but expensive to send one by one, so reads of up to packed_read_bytes_max share messages.
// A larger read is a call of its own, whose value is received directly into aligned memory of its own.
// Memory and threads: plain values and a pure function. Failure: none.
// Limits: a message is within batch_operations_max, batch_bytes_max and batch_reply_bytes_max.
#ifndef REMOTE_DRAM_DRIVER_CORE_READ_PLAN_H_
#define REMOTE_DRAM_DRIVER_CORE_READ_PLAN_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "remote_dram/limits.h"

namespace remote_dram::driver {

inline constexpr uint64_t packed_read_bytes_max = 16 << 10;
static_assert(packed_read_bytes_max < batch_reply_bytes_max);

struct PlannedRead {
  size_t key_bytes = 0;
  uint64_t value_bytes = 0;  // the size of the byte range
};

// One element per message: the indices into `reads` of the reads that share it, ascending. A message of one read is sent
// as a call of its own.
std::vector<std::vector<size_t>> PlanReads(const std::vector<PlannedRead>& reads);

}  // namespace remote_dram::driver

#endif  // REMOTE_DRAM_DRIVER_CORE_READ_PLAN_H_
