// SealedMemory: memory of another process that this one reads, or writes, from a memfd that cannot shrink.
//
// It is not there in a forked child: the child has no connection that would keep the other process from using the
// memory again, so what it read could be anything.
// Memory: owned; unmapped at the end. What the other process writes changes at any moment. Threads: any.
// Failure: refused is what could shrink, for reading beyond its end is SIGBUS, is smaller than announced, or may not be
// written: INVALID_ARGUMENT. RESOURCE_EXHAUSTED: the system gives no room, or gave no descriptor.
#ifndef REMOTE_DRAM_BASE_SEALED_MEMORY_H_
#define REMOTE_DRAM_BASE_SEALED_MEMORY_H_

#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>

#include "base/descriptor.h"
#include "remote_dram/status.h"

namespace remote_dram::base {

// For madvise: MADV_POPULATE_WRITE, Linux 5.14; missing in older headers.
inline constexpr int populate_write_advice = 23;

// A new memfd of so many bytes, whose size is sealed; not valid(): the system has none to give, and errno says why.
Descriptor MakeSealed(const char* name, uint64_t bytes);

// Takes so many bytes of a memfd from the system, where else who touches them first would die if it has none left, and maps
// them; `at`: where `offset` of the memory is mapped. What is there stays as it is. A kernel before Linux 5.14 only takes
// them, and needs the descriptor for it. False: errno says why.
bool TakePages(const Descriptor& memory, uint64_t offset, char* at, uint64_t bytes);

class SealedMemory {
 public:
  // From `offset` on, a multiple of the size of a page.
  static Result<std::shared_ptr<const SealedMemory>> Map(const Descriptor& memory, uint64_t offset, uint64_t bytes);
  static Result<std::shared_ptr<SealedMemory>> MapToWrite(const Descriptor& memory, uint64_t offset, uint64_t bytes);
  SealedMemory(const SealedMemory&) = delete;
  SealedMemory& operator=(const SealedMemory&) = delete;
  ~SealedMemory();

  std::string_view bytes() const { return {base_, bytes_}; }
  // Of what was mapped to write.
  char* base() { return base_; }
  // TakePages, of what was mapped to write. False: the system has none.
  bool Populate(uint64_t offset, uint64_t bytes) { return TakePages(memory_, begin_ + offset, base_ + offset, bytes); }
  // Gives pages back, for everybody who maps them; they are zeros then.
  void Release(uint64_t offset, uint64_t bytes);

 private:
  SealedMemory(char* base, uint64_t bytes, Descriptor memory, uint64_t begin)
      : base_(base), bytes_(bytes), memory_(std::move(memory)), begin_(begin) {}
  static Result<std::shared_ptr<SealedMemory>> MapAs(int access, const Descriptor& memory, uint64_t offset, uint64_t bytes);

  char* const base_;
  const uint64_t bytes_;
  const Descriptor memory_;  // not valid() where TakePages needs none
  const uint64_t begin_;     // in the memory
};

}  // namespace remote_dram::base

#endif  // REMOTE_DRAM_BASE_SEALED_MEMORY_H_
