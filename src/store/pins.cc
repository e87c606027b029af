// Pins: checked once when a page comes, then only read.
#include "store/pins.h"

#include <algorithm>
#include <utility>

#include "wire/mapped.h"

namespace remote_dram::store {

Result<uint64_t> Pins::Add(const base::Descriptor& page) {
  Result<Page> mapped = base::SealedMemory::Map(page, 0, wire::mapped_pin_page_bytes);
  if (!mapped.ok()) return mapped.status().WithContext("the page of pins");
  base::MutexLock lock(mutex_);
  pages_.emplace(++last_, *std::move(mapped));
  count_.store(pages_.size());
  return last_;
}

void Pins::Remove(uint64_t number) {
  base::MutexLock lock(mutex_);
  pages_.erase(number);
  count_.store(pages_.size());
}

// Sequentially consistent, as are the client's pin and its second look at the index: either that look sees
// that the block has left, or this one sees the pin.
std::vector<uint64_t> Pins::Look() const {
  std::vector<uint64_t> pinned;
  base::MutexLock lock(mutex_);
  for (const auto& [number, page] : pages_) {
    const auto* const words = reinterpret_cast<const uint64_t*>(page->bytes().data());
    for (uint32_t i = 0; i < wire::mapped_pins_max; ++i) {
      if (const uint64_t handle = wire::LoadWord(words[i], std::memory_order_seq_cst)) pinned.push_back(handle);
    }
  }
  std::sort(pinned.begin(), pinned.end());
  return pinned;
}

}  // namespace remote_dram::store
