// ReadPlan: which reads of one batch share a message, and which go alone.
//
// Small reads are cheap to copy and dear to send one by one: up to packed_read_bytes_max they share messages. A
// larger one is a call of its own, whose value comes straight into memory of its own, aligned.
// Memory and threads: plain values and a pure function. Failure: none.
// Limits: a message keeps batch_operations_max, batch_bytes_max and batch_reply_bytes_max.
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
  uint64_t value_bytes = 0;  // that the range has
};

// The places of the reads, message by message, in their order. A message of one is a call of its own.
std::vector<std::vector<size_t>> PlanReads(const std::vector<PlannedRead>& reads);

}  // namespace remote_dram::driver

#endif  // REMOTE_DRAM_DRIVER_CORE_READ_PLAN_H_
