// PinPage: making the page, and handing out its pins for views.
#include "client/pin_page.h"

namespace remote_dram::client {

Result<std::unique_ptr<PinPage>> PinPage::Make(base::Descriptor* memory) {
  *memory = base::MakeSealed("remote_dram pins", wire::mapped_page_bytes);
  if (!memory->valid()) return Status(StatusCode::kResourceExhausted, "no memory for a page of pins");
  auto mapped = base::SealedMemory::MapToWrite(*memory, 0, wire::mapped_page_bytes);
  if (!mapped.ok()) return mapped.status().WithContext("a page of pins");
  return std::unique_ptr<PinPage>(new PinPage(*std::move(mapped)));
}

PinPage::PinPage(std::shared_ptr<base::SealedMemory> memory)
    : memory_(std::move(memory)),
      words_(reinterpret_cast<uint64_t*>(memory_->base())),
      end_(reinterpret_cast<const wire::MappedEnd*>(words_ + wire::mapped_pins_max)) {
  base::MutexLock lock(mutex_);
  for (uint32_t i = 0; i < wire::mapped_pins_max && free_views_.size() < views_max; ++i) {
    if (i % kWordsApart != 0 || i >= readers_max * kWordsApart) free_views_.push_back(&words_[i]);
  }
}

uint64_t* PinPage::TakeView() {
  base::MutexLock lock(mutex_);
  if (free_views_.empty()) return nullptr;
  uint64_t* const word = free_views_.back();
  free_views_.pop_back();
  return word;
}

bool PinPage::Charge(uint64_t bytes, uint64_t limit) {
  if (pinned_bytes_.fetch_add(bytes) + bytes <= limit) return true;
  pinned_bytes_.fetch_sub(bytes);
  return false;
}

void PinPage::GiveView(uint64_t* word, uint64_t charged_bytes) {
  pinned_bytes_.fetch_sub(charged_bytes);
  base::MutexLock lock(mutex_);
  free_views_.push_back(word);
}

}  // namespace remote_dram::client
