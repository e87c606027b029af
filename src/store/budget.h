// Budget: a count of bytes in use that never passes a limit, and Charge, a part of it that gives itself back.
//
// Memory: a Charge refers to its Budget, which must outlive it.
// Threads: a Budget may be used from any; a Charge is a plain value.
// Failure: Take refuses with RESOURCE_EXHAUSTED and then has taken nothing.
// Limits: memory_limit_bytes.
#ifndef REMOTE_DRAM_STORE_BUDGET_H_
#define REMOTE_DRAM_STORE_BUDGET_H_

#include <atomic>
#include <cstdint>
#include <utility>

#include "remote_dram/status.h"

namespace remote_dram::store {

class Budget {
 public:
  explicit Budget(uint64_t limit_bytes) : limit_bytes_(limit_bytes) {}
  Budget(const Budget&) = delete;
  Budget& operator=(const Budget&) = delete;

  Status Take(uint64_t bytes);
  void Give(uint64_t bytes);  // only what was taken

  uint64_t used_bytes() const { return used_bytes_.load(std::memory_order_relaxed); }
  uint64_t limit_bytes() const { return limit_bytes_; }

 private:
  const uint64_t limit_bytes_;
  std::atomic<uint64_t> used_bytes_{0};
};

class Charge {
 public:
  Charge() = default;  // nothing
  static Result<Charge> Take(Budget& budget, uint64_t bytes);

  Charge(Charge&& other) noexcept
      : budget_(std::exchange(other.budget_, nullptr)), bytes_(std::exchange(other.bytes_, 0)) {}
  Charge& operator=(Charge&& other) noexcept {
    Charge dropped(std::move(*this));
    budget_ = std::exchange(other.budget_, nullptr);
    bytes_ = std::exchange(other.bytes_, 0);
    return *this;
  }
  ~Charge() {
    if (budget_ != nullptr) budget_->Give(bytes_);
  }

  // The bytes stay taken; whoever calls this gives them back one day.
  void Keep() && { budget_ = nullptr; }

 private:
  Charge(Budget* budget, uint64_t bytes) : budget_(budget), bytes_(bytes) {}

  Budget* budget_ = nullptr;
  uint64_t bytes_ = 0;
};

}  // namespace remote_dram::store

#endif  // REMOTE_DRAM_STORE_BUDGET_H_
