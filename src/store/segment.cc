// Segment: private memory or a sealed memfd, mapped at an address where huge pages are possible.
#include "store/segment.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string>

#include "base/bytes.h"
#include "base/sealed_memory.h"
#include "store/size_classes.h"

namespace remote_dram::store {
namespace {

constexpr uint64_t kHugePageBytes = uint64_t{2} << 20;

Status Refused(uint64_t bytes, int error) {
  return Status(StatusCode::kResourceExhausted,
                "the system refused " + base::HumanBytes(bytes) + " of memory (" + base::ErrorText(error) +
                    "); free some on this machine or lower --memory-limit");
}

// Maps `memory`, or private memory if it is not valid(). Null: errno says why.
char* MapWhereHugePagesFit(uint64_t bytes, const base::Descriptor& memory) {
  const uint64_t reach = bytes + kHugePageBytes;
  if (reach < bytes) {
    errno = ENOMEM;
    return nullptr;
  }
  void* const reserved = mmap(nullptr, reach, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (reserved == MAP_FAILED) return nullptr;
  // Unmap both ends, so that the rest starts at a multiple of a huge page.
  char* const first = static_cast<char*>(reserved);
  const uint64_t misfit = reinterpret_cast<uintptr_t>(first) % kHugePageBytes;
  const uint64_t head = misfit == 0 ? 0 : kHugePageBytes - misfit;
  char* const base = first + head;
  if (head > 0) munmap(first, head);
  munmap(base + bytes, reach - head - bytes);
  const int flags = MAP_FIXED | (memory.valid() ? MAP_SHARED : MAP_PRIVATE | MAP_ANONYMOUS);
  if (mmap(base, bytes, PROT_READ | PROT_WRITE, flags, memory.valid() ? memory.fd() : -1, 0) == MAP_FAILED) {
    const int error = errno;
    munmap(base, bytes);
    errno = error;
    return nullptr;
  }
  madvise(base, bytes, MADV_HUGEPAGE);  // only advice: a kernel without huge pages ignores it
  return base;
}

}  // namespace

Result<std::unique_ptr<Segment>> Segment::Map(uint64_t bytes, Sharing sharing) {
  return sharing == Sharing::kShared ? MapShared(bytes) : MapPrivate(bytes);
}

Result<std::unique_ptr<Segment>> Segment::MapPrivate(uint64_t bytes) {
  char* const base = MapWhereHugePagesFit(bytes, base::Descriptor());
  if (base == nullptr) return Refused(bytes, errno);
  return std::unique_ptr<Segment>(new Segment(base, bytes, base::Descriptor()));
}

Result<std::unique_ptr<Segment>> Segment::MapShared(uint64_t bytes) {
  if (bytes > uint64_t{INT64_MAX}) return Refused(bytes, ENOMEM);
  base::Descriptor memory([] { return memfd_create("remote_dram", MFD_CLOEXEC | MFD_ALLOW_SEALING); });
  if (!memory.valid()) return Refused(bytes, errno);
  if (ftruncate(memory.fd(), static_cast<off_t>(bytes)) != 0) return Refused(bytes, errno);
  char* const base = MapWhereHugePagesFit(bytes, memory);
  if (base == nullptr) return Refused(bytes, errno);
  std::unique_ptr<Segment> segment(new Segment(base, bytes, std::move(memory)));
  // Seals after our own writable mapping: nobody can make another one, or shrink the file.
  constexpr int seals = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_FUTURE_WRITE | F_SEAL_SEAL;
  if (fcntl(segment->memory().fd(), F_ADD_SEALS, seals) != 0) return Refused(bytes, errno);
  return segment;
}

Segment::Segment(char* base, uint64_t bytes, base::Descriptor memory)
    : base_(base), bytes_(bytes), memory_(std::move(memory)), reserved_(memory_.valid() ? bytes / kPageBytes : 0) {}

Segment::~Segment() { munmap(base_, bytes_); }

Status Segment::Reserve(uint64_t page, uint64_t pages) {
  if (!memory_.valid()) return Status();
  const auto begin = reserved_.begin() + static_cast<std::ptrdiff_t>(page), end = begin + static_cast<std::ptrdiff_t>(pages);
  for (auto from = std::find(begin, end, false); from != end; from = std::find(from, end, false)) {
    const auto to = std::find(from, end, true);
    const auto first = static_cast<uint64_t>(from - reserved_.begin()) * kPageBytes;
    const auto bytes = static_cast<uint64_t>(to - from) * kPageBytes;
    if (!base::TakePages(memory_, first, base_ + first, bytes)) return Refused(bytes, errno);
    for (; from != to; ++from) from->store(true, std::memory_order_relaxed);
  }
  return Status();
}

std::optional<uint64_t> Segment::FirstUnreserved() const {
  const auto first = std::find(reserved_.begin(), reserved_.end(), false);
  if (first == reserved_.end()) return std::nullopt;
  return static_cast<uint64_t>(first - reserved_.begin());
}

}  // namespace remote_dram::store
