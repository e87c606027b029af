// Segment: one stretch of memory from the system; today anonymous, private pages.
//
// Memory: owns the mapping; unmaps it at the end. Pages that nobody touched cost nothing.
// Threads: as a plain value.
// Failure: Map says RESOURCE_EXHAUSTED when the system refuses.
#ifndef REMOTE_DRAM_STORE_SEGMENT_H_
#define REMOTE_DRAM_STORE_SEGMENT_H_

#include <cstdint>
#include <memory>

#include "remote_dram/status.h"

namespace remote_dram::store {

class Segment {
 public:
  static Result<std::unique_ptr<Segment>> Map(uint64_t bytes);  // whole pages
  ~Segment();
  Segment(const Segment&) = delete;
  Segment& operator=(const Segment&) = delete;

  char* base() const { return base_; }
  uint64_t bytes() const { return bytes_; }

  uint64_t pages_taken = 0;

 private:
  Segment(char* base, uint64_t bytes) : base_(base), bytes_(bytes) {}

  char* const base_;
  const uint64_t bytes_;
};

}  // namespace remote_dram::store

#endif  // REMOTE_DRAM_STORE_SEGMENT_H_
