// Memory for values: the memory of large values is kept and reused.
#include "base/value_memory.h"

#include <sys/mman.h>

#include <atomic>
#include <cstdlib>

#include "base/kept_memory.h"
#include "remote_dram/value.h"

#if __has_include(<sanitizer/asan_interface.h>)
#include <sanitizer/asan_interface.h>  // its macros do nothing without AddressSanitizer
#else
#define ASAN_POISON_MEMORY_REGION(address, bytes) ((void)(address), (void)(bytes))
#define ASAN_UNPOISON_MEMORY_REGION(address, bytes) ((void)(address), (void)(bytes))
#endif

namespace remote_dram::base {
namespace {

// One per process. Never destroyed, because values may be released after everything else.
KeptMemory& KeptHere() {
  static std::atomic<KeptMemory*> current{nullptr};
  KeptMemory* kept = current.load();
  while (kept == nullptr || !kept->home.Here()) {
    auto made = std::make_unique<KeptMemory>(
        KeptMemory::Limits{kept_results_max, kept_results_bytes_max, kept_results_time_max});
    if (current.compare_exchange_strong(kept, made.get())) return *made.release();
  }
  return *kept;
}

ResultMemory Fresh(size_t bytes) {
  const bool huge = bytes >= huge_page_bytes_min;
  void* memory = nullptr;
  if (posix_memalign(&memory, huge ? huge_page_bytes : kValueAlignment, bytes) != 0) return nullptr;
  if (huge) madvise(memory, bytes, MADV_HUGEPAGE);  // only advice: a failure does no harm
  return ResultMemory(static_cast<char*>(memory));
}

// Kept memory is poisoned, as are the bytes of a size class beyond the value, so that AddressSanitizer reports any use of
// them.
std::shared_ptr<char> AllocateToKeep(size_t bytes) {
  const size_t room = KeptMemory::Class(bytes);
  KeptMemory* const kept = &KeptHere();
  ResultMemory memory = kept->Take(room);
  if (memory == nullptr) memory = Fresh(room);
  if (memory == nullptr) return nullptr;
  ASAN_UNPOISON_MEMORY_REGION(memory.get(), bytes);
  ASAN_POISON_MEMORY_REGION(memory.get() + bytes, room - bytes);
  return std::shared_ptr<char>(memory.release(), [kept, room](char* gone) {
    ResultMemory again(gone);
    if (!kept->home.Here()) return;  // allocated by the parent: freed, not kept
    ASAN_POISON_MEMORY_REGION(gone, room);
    kept->Keep(std::move(again), room, std::chrono::steady_clock::now());
  });
}

}  // namespace

std::shared_ptr<char> AllocateValue(size_t bytes) {
  if (bytes >= kept_result_bytes_min && bytes <= kept_results_bytes_max) return AllocateToKeep(bytes);
  return Fresh(bytes > 0 ? bytes : 1);
}

}  // namespace remote_dram::base
