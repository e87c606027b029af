// Pins: checked once when a page comes, then only read.
#include "store/pins.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <algorithm>

#include "wire/mapped.h"

namespace remote_dram::store {

Pins::~Pins() {
  base::MutexLock lock(mutex_);
  for (const auto& [number, page] : pages_) munmap(const_cast<uint64_t*>(page), wire::mapped_pin_page_bytes);
}

Result<uint64_t> Pins::Add(const base::Descriptor& page) {
  const int seals = fcntl(page.fd(), F_GET_SEALS);
  if (seals < 0 || (seals & F_SEAL_SHRINK) == 0) {
    return Status(StatusCode::kInvalidArgument, "the page of pins is not sealed against shrinking");
  }
  struct stat found;
  if (fstat(page.fd(), &found) != 0 || found.st_size != static_cast<off_t>(wire::mapped_pin_page_bytes)) {
    return Status(StatusCode::kInvalidArgument, "the page of pins has another size than mapped_pins_max words");
  }
  void* const mapped = mmap(nullptr, wire::mapped_pin_page_bytes, PROT_READ, MAP_SHARED | MAP_POPULATE, page.fd(), 0);
  if (mapped == MAP_FAILED) return Status(StatusCode::kResourceExhausted, "no memory to map a page of pins");
  base::MutexLock lock(mutex_);
  pages_.emplace(++last_, static_cast<const uint64_t*>(mapped));
  count_.store(pages_.size());
  return last_;
}

void Pins::Remove(uint64_t number) {
  base::MutexLock lock(mutex_);
  const auto at = pages_.find(number);
  if (at == pages_.end()) return;
  munmap(const_cast<uint64_t*>(at->second), wire::mapped_pin_page_bytes);
  pages_.erase(at);
  count_.store(pages_.size());
}

// Sequentially consistent, as are the client's pin and its second look at the index: either that look sees
// that the block has left, or this one sees the pin.
std::vector<uint64_t> Pins::Look() const {
  std::vector<uint64_t> pinned;
  base::MutexLock lock(mutex_);
  for (const auto& [number, page] : pages_) {
    for (uint32_t i = 0; i < wire::mapped_pins_max; ++i) {
      if (const uint64_t handle = wire::LoadWord(page[i], std::memory_order_seq_cst)) pinned.push_back(handle);
    }
  }
  std::sort(pinned.begin(), pinned.end());
  return pinned;
}

}  // namespace remote_dram::store
