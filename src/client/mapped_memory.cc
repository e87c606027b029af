// MappedMemory and PinPage: checked, mapped, kept from forked children.
#include "client/mapped_memory.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string>

#include "base/bytes.h"

namespace remote_dram::client {

Result<std::shared_ptr<const MappedMemory>> MappedMemory::Map(const base::Descriptor& memory, uint64_t bytes) {
  const int seals = fcntl(memory.fd(), F_GET_SEALS);
  if (seals < 0 || (seals & F_SEAL_SHRINK) == 0) {
    return Status(StatusCode::kInternal, "the server's memory is not sealed against shrinking");
  }
  struct stat found;
  if (fstat(memory.fd(), &found) != 0 || static_cast<uint64_t>(found.st_size) < bytes || bytes == 0) {
    return Status(StatusCode::kInternal, "the server's memory is smaller than announced");
  }
  void* const mapped = mmap(nullptr, bytes, PROT_READ, MAP_SHARED, memory.fd(), 0);
  if (mapped == MAP_FAILED) {
    return Status(StatusCode::kResourceExhausted, "no room to map " + base::HumanBytes(bytes) + " (" + std::to_string(errno) + ")");
  }
  madvise(mapped, bytes, MADV_DONTFORK);
  return std::shared_ptr<const MappedMemory>(new MappedMemory(static_cast<const char*>(mapped), bytes));
}

MappedMemory::~MappedMemory() { munmap(const_cast<char*>(base_), bytes_); }

Result<std::unique_ptr<PinPage>> PinPage::Make() {
  base::Descriptor memory([] { return memfd_create("remote_dram pins", MFD_CLOEXEC | MFD_ALLOW_SEALING); });
  const Status refused(StatusCode::kResourceExhausted, "no memory for a page of pins");
  if (!memory.valid() || ftruncate(memory.fd(), wire::mapped_pin_page_bytes) != 0) return refused;
  void* const mapped = mmap(nullptr, wire::mapped_pin_page_bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, memory.fd(), 0);
  if (mapped == MAP_FAILED) return refused;
  madvise(mapped, wire::mapped_pin_page_bytes, MADV_DONTFORK);
  std::unique_ptr<PinPage> page(new PinPage(std::move(memory), static_cast<uint64_t*>(mapped)));
  if (fcntl(page->memory().fd(), F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) != 0) return refused;
  return page;
}

PinPage::PinPage(base::Descriptor memory, uint64_t* words) : memory_(std::move(memory)), words_(words) {
  base::MutexLock lock(mutex_);
  for (uint32_t i = 0; i < wire::mapped_pins_max && free_views_.size() < views_max; ++i) {
    if (i % kWordsApart != 0 || i >= readers_max * kWordsApart) free_views_.push_back(&words_[i]);
  }
}

PinPage::~PinPage() { munmap(words_, wire::mapped_pin_page_bytes); }

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
