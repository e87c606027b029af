// Segment: mmap, placed so that huge pages fit.
#include "store/segment.h"

#include <sys/mman.h>

#include <cerrno>
#include <cstring>
#include <string>

#include "base/bytes.h"

namespace remote_dram::store {
namespace {

constexpr uint64_t kHugePageBytes = uint64_t{2} << 20;

Status Refused(uint64_t bytes, int error) {
  return Status(StatusCode::kResourceExhausted,
                "the system refused " + base::HumanBytes(bytes) + " of memory (" + std::strerror(error) +
                    "); free some on this machine or lower --memory-limit");
}

}  // namespace

Result<std::unique_ptr<Segment>> Segment::Map(uint64_t bytes) {
  const uint64_t reach = bytes + kHugePageBytes;
  if (reach < bytes) return Refused(bytes, ENOMEM);
  void* const mapped = mmap(nullptr, reach, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (mapped == MAP_FAILED) return Refused(bytes, errno);
  // Cut the ends off so that the rest starts where a huge page may start.
  char* const first = static_cast<char*>(mapped);
  const uint64_t misfit = reinterpret_cast<uintptr_t>(first) % kHugePageBytes;
  const uint64_t head = misfit == 0 ? 0 : kHugePageBytes - misfit;
  if (head > 0) munmap(first, head);
  munmap(first + head + bytes, reach - head - bytes);
  madvise(first + head, bytes, MADV_HUGEPAGE);  // an advice: a kernel without them changes nothing
  return std::unique_ptr<Segment>(new Segment(first + head, bytes));
}

Segment::~Segment() { munmap(base_, bytes_); }

}  // namespace remote_dram::store
