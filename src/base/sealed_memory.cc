// SealedMemory: checks a memfd, maps it, and keeps the mapping out of forked children.
#include "base/sealed_memory.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <unistd.h>

#include <cerrno>
#include <string>

#include "base/bytes.h"

namespace remote_dram::base {
namespace {

// A kernel that does not know the advice answers EINVAL even for zero bytes. Each process asks only once.
bool KnowsPopulateWrite() {
  static const bool knows = madvise(nullptr, 0, populate_write_advice) == 0 || errno != EINVAL;
  return knows;
}

}  // namespace

Descriptor MakeSealed(const char* name, uint64_t bytes) {
  Descriptor memory([name] { return memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING); });
  if (!memory.valid() || ftruncate(memory.fd(), static_cast<off_t>(bytes)) != 0) return {};
  const bool sealed = fcntl(memory.fd(), F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) == 0;
  return sealed ? std::move(memory) : Descriptor();
}

bool TakePages(const Descriptor& memory, uint64_t offset, char* at, uint64_t bytes) {
  if (madvise(at, bytes, populate_write_advice) == 0) return true;
  return errno == EINVAL && fallocate(memory.fd(), 0, static_cast<off_t>(offset), static_cast<off_t>(bytes)) == 0;
}

Result<std::shared_ptr<const SealedMemory>> SealedMemory::Map(const Descriptor& memory, uint64_t offset, uint64_t bytes) {
  auto mapped = MapAs(PROT_READ, memory, offset, bytes);
  if (!mapped.ok()) return mapped.status();
  return std::shared_ptr<const SealedMemory>(*std::move(mapped));
}

Result<std::shared_ptr<SealedMemory>> SealedMemory::MapToWrite(const Descriptor& memory, uint64_t offset, uint64_t bytes) {
  return MapAs(PROT_READ | PROT_WRITE, memory, offset, bytes);
}

Result<std::shared_ptr<SealedMemory>> SealedMemory::MapAs(int access, const Descriptor& memory, uint64_t offset, uint64_t bytes) {
  if (!memory.valid()) {
    return Status(StatusCode::kResourceExhausted, "no descriptor of the memory came: none was sent, or none was left for it");
  }
  const int seals = fcntl(memory.fd(), F_GET_SEALS);
  if (seals < 0 || (seals & F_SEAL_SHRINK) == 0) {
    return Status(StatusCode::kInvalidArgument, "the memory is not sealed against shrinking");
  }
  struct statfs system;  // refuses hugetlbfs: its page sizes differ, and its reserved pages can run out under a reader
  if (fstatfs(memory.fd(), &system) != 0 || system.f_type != TMPFS_MAGIC) {
    return Status(StatusCode::kInvalidArgument, "the memory is none of ordinary pages");
  }
  struct stat found;
  const bool known = fstat(memory.fd(), &found) == 0;
  const uint64_t there = known ? static_cast<uint64_t>(found.st_size) : 0;
  if (bytes == 0 || offset > there || bytes > there - offset) {
    return Status(StatusCode::kInvalidArgument, "the memory is smaller than announced");
  }
  void* const mapped = mmap(nullptr, bytes, access, MAP_SHARED, memory.fd(), static_cast<off_t>(offset));
  if (mapped == MAP_FAILED && (errno == EPERM || errno == EACCES)) {
    return Status(StatusCode::kInvalidArgument, "the memory may not be written");
  }
  if (mapped == MAP_FAILED) {
    return Status(StatusCode::kResourceExhausted, "no room to map " + HumanBytes(bytes) + " (" + ErrorText(errno) + ")");
  }
  madvise(mapped, bytes, MADV_DONTFORK);
  Descriptor kept;
  if ((access & PROT_WRITE) != 0 && !KnowsPopulateWrite()) {
    kept = Descriptor([&memory] { return fcntl(memory.fd(), F_DUPFD_CLOEXEC, 0); });
  }
  return std::shared_ptr<SealedMemory>(new SealedMemory(static_cast<char*>(mapped), bytes, std::move(kept), offset));
}

void SealedMemory::Release(uint64_t offset, uint64_t bytes) { madvise(base_ + offset, bytes, MADV_REMOVE); }

SealedMemory::~SealedMemory() { munmap(base_, bytes_); }

}  // namespace remote_dram::base
