// Recorder: a mapped file; storing an operation's began_ns last makes the operation valid.
#include "history/recorder.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "history/history.h"

namespace remote_dram::history {

uint64_t NowNs() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return static_cast<uint64_t>(std::chrono::duration_cast<std::chrono::nanoseconds>(now).count());
}

Result<Recorder> Recorder::Create(const std::string& file) {
  const int fd = open(file.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
  const bool made = fd >= 0 && ftruncate(fd, static_cast<off_t>(part_bytes_max)) == 0;
  void* const map = made ? mmap(nullptr, part_bytes_max, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_NORESERVE, fd, 0)
                         : MAP_FAILED;
  if (map == MAP_FAILED) {
    const std::string why = std::strerror(errno);
    if (fd >= 0) close(fd);
    return Status(StatusCode::kInternal, "history " + file + " cannot be made: " + why);
  }
  return Recorder(fd, static_cast<char*>(map));
}

Recorder::Recorder(int fd, char* map) : fd_(fd), map_(map), used_(sizeof(FileHeader)) {
  const FileHeader header;
  std::memcpy(map_, &header, sizeof header);
}

Recorder::Recorder(Recorder&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)), map_(other.map_), used_(other.used_) {}

Recorder::~Recorder() {
  if (fd_ < 0) return;
  munmap(map_, part_bytes_max);
  if (ftruncate(fd_, static_cast<off_t>(used_)) != 0) std::perror("a history stays longer than it is");
  close(fd_);
}

Operation* Recorder::Add(const Operation& operation, std::span<const Item> items) {
  const size_t size = sizeof operation + items.size_bytes();
  if (part_bytes_max - used_ < size) {
    std::fprintf(stderr, "remote_dram_history: a file is full: part_bytes_max\n");
    std::_Exit(1);
  }
  char* const at = map_ + std::exchange(used_, used_ + size);
  if (!items.empty()) std::memcpy(at + sizeof operation, items.data(), items.size_bytes());
  auto* const added = reinterpret_cast<Operation*>(at);
  Operation unborn = operation;
  unborn.began_ns = 0;
  unborn.items = static_cast<uint32_t>(items.size());
  std::memcpy(at, &unborn, sizeof unborn);
  std::atomic_ref(added->began_ns).store(operation.began_ns, std::memory_order_release);
  return added;
}

void Recorder::Finish(Operation* operation, End end, uint64_t sequence, uint64_t ended_ns) {
  operation->ended_ns = ended_ns;
  operation->sequence = sequence;
  std::atomic_ref(operation->end).store(end, std::memory_order_release);
}

}  // namespace remote_dram::history
