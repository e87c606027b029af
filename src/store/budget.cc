// Budget: one atomic counter, raised by compare-and-swap so that it never exceeds the limit.
#include "store/budget.h"

#include "base/bytes.h"
#include "base/check.h"
#include "base/planted_fault.h"

namespace remote_dram::store {

Status Budget::Take(uint64_t bytes) {
  uint64_t used = used_bytes_.load(std::memory_order_relaxed);
  do {
    if (bytes > limit_bytes_ - used && !base::Planted(base::PlantedFault::kMemoryLimitIgnored)) {
      return Status(StatusCode::kResourceExhausted,
                    base::HumanBytes(used) + " of " + base::HumanBytes(limit_bytes_) +
                        " in use (memory_limit_bytes); raise --memory-limit or delete keys");
    }
  } while (!used_bytes_.compare_exchange_weak(used, used + bytes, std::memory_order_relaxed));
  return Status();
}

void Budget::Give(uint64_t bytes) {
  const uint64_t before = used_bytes_.fetch_sub(bytes, std::memory_order_relaxed);
  RD_CHECK(before >= bytes);
}

}  // namespace remote_dram::store
