// SealedMemory: a mapping of a memfd of another process, to read or to write, which is sealed so that it cannot shrink.
//
// A forked child does not inherit the mapping: the child has no connection that would keep the other process from reusing
// the memory, so it could read anything.
// Memory: owned; the destructor unmaps it. The other process may change the content at any moment. Threads: any.
// Failure: INVALID_ARGUMENT for memory that could shrink (reading beyond its end would raise SIGBUS), has no ordinary
// pages, is smaller than announced, or may not be written. RESOURCE_EXHAUSTED if the system has no room for the mapping,
// or delivered no descriptor.
#ifndef REMOTE_DRAM_BASE_SEALED_MEMORY_H_
#define REMOTE_DRAM_BASE_SEALED_MEMORY_H_

#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>

#include "base/descriptor.h"
#include "remote_dram/status.h"

namespace remote_dram::base {

// MADV_POPULATE_WRITE of madvise(2), Linux 5.14; older headers lack the name.
inline constexpr int populate_write_advice = 23;

// A new memfd of `bytes` bytes, whose size is sealed. Not valid() if the system refuses; errno says why.
Descriptor MakeSealed(const char* name, uint64_t bytes);

// Allocates and maps the pages of `bytes` bytes of a memfd now, because the first process to touch them later would die
// (SIGBUS) if the system had no memory left. `at` is the address at which `offset` of the memfd is mapped. The content does
// not change. On a kernel before Linux 5.14 the pages are allocated but not mapped, which needs the descriptor. False:
// errno says why.
bool TakePages(const Descriptor& memory, uint64_t offset, char* at, uint64_t bytes);

class SealedMemory {
 public:
  // Maps `bytes` bytes from `offset` on, which is a multiple of the page size.
  static Result<std::shared_ptr<const SealedMemory>> Map(const Descriptor& memory, uint64_t offset, uint64_t bytes);
  static Result<std::shared_ptr<SealedMemory>> MapToWrite(const Descriptor& memory, uint64_t offset, uint64_t bytes);
  SealedMemory(const SealedMemory&) = delete;
  SealedMemory& operator=(const SealedMemory&) = delete;
  ~SealedMemory();

  std::string_view bytes() const { return {base_, bytes_}; }
  // Only after MapToWrite.
  char* base() { return base_; }
  // TakePages for a part of this mapping. Only after MapToWrite. False: the system has no memory left.
  bool Populate(uint64_t offset, uint64_t bytes) { return TakePages(memory_, begin_ + offset, base_ + offset, bytes); }
  // Returns pages to the system, for every process that maps them; they read as zeros afterwards.
  void Release(uint64_t offset, uint64_t bytes);

 private:
  SealedMemory(char* base, uint64_t bytes, Descriptor memory, uint64_t begin)
      : base_(base), bytes_(bytes), memory_(std::move(memory)), begin_(begin) {}
  static Result<std::shared_ptr<SealedMemory>> MapAs(int access, const Descriptor& memory, uint64_t offset, uint64_t bytes);

  char* const base_;
  const uint64_t bytes_;
  const Descriptor memory_;  // valid() only where TakePages needs it
  const uint64_t begin_;     // offset of the mapping in the memfd
};

}  // namespace remote_dram::base

#endif  // REMOTE_DRAM_BASE_SEALED_MEMORY_H_
