// Memory for values that a client reads.
#include "client/value_memory.h"

#include <sys/mman.h>

#include <cstdlib>

#include "remote_dram/value.h"

namespace remote_dram::client {

std::shared_ptr<char> AllocateValue(size_t bytes) {
  const bool huge = bytes >= huge_page_bytes_min;
  void* memory = nullptr;
  if (posix_memalign(&memory, huge ? huge_page_bytes : kValueAlignment, bytes > 0 ? bytes : 1) != 0) return nullptr;
  if (huge) madvise(memory, bytes, MADV_HUGEPAGE);  // advice: nothing is lost where it is not taken
  return std::shared_ptr<char>(static_cast<char*>(memory), std::free);
}

}  // namespace remote_dram::client
