// Budget: a count of bytes in use that never exceeds a limit.
//
// Memory: nothing but the count.
// Threads: any.
// Failure: Take refuses with RESOURCE_EXHAUSTED, and leaves the count as it was.
// Limits: memory_limit_bytes.
#ifndef REMOTE_DRAM_STORE_BUDGET_H_
#define REMOTE_DRAM_STORE_BUDGET_H_

#include <atomic>
#include <cstdint>

#include "remote_dram/status.h"

namespace remote_dram::store {

class Budget {
 public:
  explicit Budget(uint64_t limit_bytes) : limit_bytes_(limit_bytes) {}
  Budget(const Budget&) = delete;
  Budget& operator=(const Budget&) = delete;

  Status Take(uint64_t bytes);
  void Give(uint64_t bytes);  // gives back bytes that were taken

  uint64_t used_bytes() const { return used_bytes_.load(std::memory_order_relaxed); }
  uint64_t limit_bytes() const { return limit_bytes_; }

 private:
  const uint64_t limit_bytes_;
  std::atomic<uint64_t> used_bytes_{0};
};

}  // namespace remote_dram::store

#endif  // REMOTE_DRAM_STORE_BUDGET_H_
