// KeptMemory: Take hands out the newest memory first; what has to go is freed oldest first.
#include "base/kept_memory.h"

#include <bit>
#include <utility>

namespace remote_dram::base {

KeptMemory::KeptMemory(const Limits& limits) : limits_(limits) {
  kept_.reserve(limits.results_max);
}

size_t KeptMemory::Class(size_t bytes) {
  const size_t step = std::bit_floor(bytes - 1) / 4;
  return (bytes + step - 1) / step * step;
}

ResultMemory KeptMemory::Take(size_t bytes) {
  const MutexLock lock(mutex_);
  for (size_t i = kept_.size(); i-- > 0;) {
    if (kept_[i].bytes != bytes) continue;
    ResultMemory memory = std::move(kept_[i].memory);
    kept_.erase(kept_.begin() + static_cast<ptrdiff_t>(i));
    bytes_ -= bytes;
    return memory;
  }
  return nullptr;
}

void KeptMemory::Keep(ResultMemory memory, size_t bytes, Time now) {
  if (bytes > limits_.bytes_max) return;
  while (memory != nullptr) KeepOrPop(memory, bytes, now);  // the memory it returns is freed here, outside the lock
}

ResultMemory KeptMemory::KeepOrPop(ResultMemory& memory, size_t bytes, Time now) {
  const MutexLock lock(mutex_);
  const bool full = kept_.size() == limits_.results_max || bytes_ + bytes > limits_.bytes_max;
  if (!kept_.empty() && (full || now - kept_.front().since > limits_.time_max)) {
    ResultMemory oldest = std::move(kept_.front().memory);
    bytes_ -= kept_.front().bytes;
    kept_.erase(kept_.begin());
    return oldest;
  }
  kept_.push_back({std::move(memory), bytes, now});
  bytes_ += bytes;
  return nullptr;
}

}  // namespace remote_dram::base
