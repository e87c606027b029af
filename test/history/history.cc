// History: maps files and collects pointers to the operations in them.
#include "history/history.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <algorithm>
#include <cstring>
#include <filesystem>

namespace remote_dram::history {

Status History::Open(const std::string& file) {
  const int fd = open(file.c_str(), O_RDONLY | O_CLOEXEC);
  struct stat stat {};
  if (fd < 0 || fstat(fd, &stat) != 0) {
    return Status(StatusCode::kNotFound, "history " + file + " cannot be opened: " + std::strerror(errno));
  }
  const auto bytes = static_cast<size_t>(stat.st_size);
  if (bytes == 0) return close(fd), Status();  // its client was killed before it wrote anything
  void* const map = mmap(nullptr, bytes, PROT_READ, MAP_SHARED, fd, 0);
  close(fd);
  if (map == MAP_FAILED) return Status(StatusCode::kInternal, "history " + file + " cannot be mapped");
  maps_.emplace_back(map, [bytes](void* mapped) { munmap(mapped, bytes); });

  const char* at = static_cast<const char*>(map);
  const char* const end = at + bytes;
  const FileHeader header;
  constexpr char unused[sizeof header] = {};
  if (bytes >= sizeof header && std::memcmp(at, unused, sizeof unused) == 0) return Status();  // likewise, before the header
  if (bytes < sizeof header || std::memcmp(at, &header, sizeof header) != 0) {
    return Status(StatusCode::kInvalidArgument, file + " is not a history");
  }
  at += sizeof header;
  while (static_cast<size_t>(end - at) >= sizeof(Operation)) {
    const auto* const operation = reinterpret_cast<const Operation*>(at);
    if (operation->began_ns == 0) break;  // unused room: the end of the history
    const size_t size = sizeof(Operation) + operation->items * sizeof(Item);
    if (static_cast<size_t>(end - at) < size) {
      return Status(StatusCode::kInvalidArgument, "history " + file + " ends in the middle of an operation");
    }
    operations_.push_back(operation);
    at += size;
  }
  return Status();
}

const Operation& History::Add(Operation operation, std::span<const Item> items) {
  operation.items = static_cast<uint32_t>(items.size());
  std::vector<std::byte>& room = own_.emplace_back(sizeof operation + items.size_bytes());
  std::memcpy(room.data(), &operation, sizeof operation);
  if (!items.empty()) std::memcpy(room.data() + sizeof operation, items.data(), items.size_bytes());
  operations_.push_back(reinterpret_cast<const Operation*>(room.data()));
  return *operations_.back();
}

Result<History> OpenAll(const std::string& directory) {
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(directory)) {
    if (entry.path().extension() == ".history") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  History history;
  for (const std::string& file : files) {
    if (const Status opened = history.Open(file); !opened.ok()) return opened;
  }
  return history;
}

}  // namespace remote_dram::history
