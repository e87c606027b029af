// Pins: a page is checked once, when it is added; afterwards its pins are only read.
#include "store/pins.h"

#include <algorithm>
#include <utility>

#include "wire/mapped.h"

namespace remote_dram::store {

Result<uint64_t> Pins::Add(const base::Descriptor& page) {
  auto pins = base::SealedMemory::Map(page, 0, wire::mapped_pin_page_bytes);
  if (!pins.ok()) return pins.status().WithContext("the page of pins");
  auto end = base::SealedMemory::MapToWrite(page, wire::mapped_pin_page_bytes, wire::mapped_end_page_bytes);
  if (!end.ok()) return end.status().WithContext("the page behind the pins");
  base::MutexLock lock(mutex_);
  pages_.emplace(++last_, Page{*std::move(pins), *std::move(end)});
  count_.store(pages_.size());
  return last_;
}

void Pins::Remove(uint64_t number) {
  base::MutexLock lock(mutex_);
  const auto page = pages_.find(number);
  if (page == pages_.end()) return;
  // Set before any block that this client had pinned is reused: a reader checks this word after it has read a block.
  std::atomic_ref<uint64_t>(reinterpret_cast<wire::MappedEnd*>(page->second.end->base())->ended).store(1);
  pages_.erase(page);
  count_.store(pages_.size());
}

// These loads are sequentially consistent, as are the client's store of a pin and its second look at the index. So
// either the client sees that the block has left the index, or this call sees the pin.
std::vector<uint64_t> Pins::Look() const {
  std::vector<uint64_t> pinned;
  base::MutexLock lock(mutex_);
  for (const auto& [number, page] : pages_) {
    const auto* const words = reinterpret_cast<const uint64_t*>(page.pins->bytes().data());
    for (uint32_t i = 0; i < wire::mapped_pins_max; ++i) {
      if (const uint64_t handle = wire::LoadWord(words[i], std::memory_order_seq_cst)) pinned.push_back(handle);
    }
  }
  std::sort(pinned.begin(), pinned.end());
  return pinned;
}

}  // namespace remote_dram::store
