// Segment: one stretch of memory from the system: anonymous private pages, or a sealed memfd that clients on this host
// may map and read. It is aligned for huge pages, and asks for them.
//
// Memory: owns the mapping; unmaps it at the end. Private pages that nobody touched cost nothing. Shared pages take memory
// when they are reserved, and keep it until the segment ends: the seals that keep clients from writing also forbid
// punching holes. A forked child keeps the mapping, but not the descriptor.
// Threads: not thread-safe, except Reserve and FirstUnreserved, which any thread may call at any time.
// Failure: Map and Reserve say RESOURCE_EXHAUSTED when the system refuses. After Reserve no access to shared pages can
// fail for lack of memory.
#ifndef REMOTE_DRAM_STORE_SEGMENT_H_
#define REMOTE_DRAM_STORE_SEGMENT_H_

#include <atomic>
#include <cstdint>
#include <list>
#include <memory>
#include <optional>
#include <vector>

#include "base/descriptor.h"
#include "remote_dram/status.h"

namespace remote_dram::store {

enum class Sharing { kPrivate, kShared };

class Segment {
 public:
  static Result<std::unique_ptr<Segment>> Map(uint64_t bytes, Sharing sharing);  // `bytes`: whole pages
  ~Segment();
  Segment(const Segment&) = delete;
  Segment& operator=(const Segment&) = delete;

  // Call it before the pages are used. Does nothing to pages that are already in use.
  Status Reserve(uint64_t page, uint64_t pages);
  // The first page that is not reserved yet; nullopt: all are, or the segment is private.
  std::optional<uint64_t> FirstUnreserved() const;

  char* base() const { return base_; }
  uint64_t bytes() const { return bytes_; }
  const base::Descriptor& memory() const { return memory_; }  // not valid() if private

  // Fields of the arena, guarded by its lock.
  uint64_t pages_taken = 0;
  std::list<uint32_t>::iterator empty;  // its position in Arena::empty_ while it has no run

 private:
  Segment(char* base, uint64_t bytes, base::Descriptor memory);
  static Result<std::unique_ptr<Segment>> MapPrivate(uint64_t bytes);
  static Result<std::unique_ptr<Segment>> MapShared(uint64_t bytes);

  char* const base_;
  const uint64_t bytes_;
  const base::Descriptor memory_;
  std::vector<std::atomic<bool>> reserved_;  // per page; empty if private
};

}  // namespace remote_dram::store

#endif  // REMOTE_DRAM_STORE_SEGMENT_H_
