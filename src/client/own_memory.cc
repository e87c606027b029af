// PinPage and BounceBuffers: made, mapped, kept from forked children.
#include "client/own_memory.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

namespace remote_dram::client {
namespace {

// Null: the system gives no memory.
void* MapOwn(const base::Descriptor& memory, uint64_t offset, uint64_t bytes, int flags) {
  const int access = PROT_READ | PROT_WRITE;
  void* const mapped = mmap(nullptr, bytes, access, MAP_SHARED | flags, memory.fd(), static_cast<off_t>(offset));
  if (mapped == MAP_FAILED) return nullptr;
  madvise(mapped, bytes, MADV_DONTFORK);
  return mapped;
}

}  // namespace

base::Descriptor MakeOwnMemory() {
  base::Descriptor memory([] { return memfd_create("remote_dram client", MFD_CLOEXEC | MFD_ALLOW_SEALING); });
  constexpr int seals = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL;
  if (!memory.valid() || ftruncate(memory.fd(), wire::kBounceOffset + bounce_bytes) != 0) return {};
  return fcntl(memory.fd(), F_ADD_SEALS, seals) == 0 ? std::move(memory) : base::Descriptor();
}

Result<std::unique_ptr<PinPage>> PinPage::Map(const base::Descriptor& memory) {
  void* const mapped = MapOwn(memory, 0, wire::mapped_page_bytes, MAP_POPULATE);
  if (mapped == nullptr) return Status(StatusCode::kResourceExhausted, "no memory for a page of pins");
  return std::unique_ptr<PinPage>(new PinPage(static_cast<uint64_t*>(mapped)));
}

PinPage::PinPage(uint64_t* words)
    : words_(words), end_(reinterpret_cast<const wire::MappedEnd*>(words + wire::mapped_pins_max)) {
  base::MutexLock lock(mutex_);
  for (uint32_t i = 0; i < wire::mapped_pins_max && free_views_.size() < views_max; ++i) {
    if (i % kWordsApart != 0 || i >= readers_max * kWordsApart) free_views_.push_back(&words_[i]);
  }
}

PinPage::~PinPage() { munmap(words_, wire::mapped_page_bytes); }

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

Result<std::shared_ptr<BounceBuffers>> BounceBuffers::Map(const base::Descriptor& memory) {
  void* const mapped = MapOwn(memory, wire::kBounceOffset, bounce_bytes, 0);
  if (mapped == nullptr) return Status(StatusCode::kResourceExhausted, "no memory for bounce buffers");
  return std::shared_ptr<BounceBuffers>(new BounceBuffers(static_cast<char*>(mapped)));
}

BounceBuffers::~BounceBuffers() { munmap(base_, bounce_bytes); }

}  // namespace remote_dram::client
