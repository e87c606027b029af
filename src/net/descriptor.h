// Descriptor: owns a file descriptor.
//
// Memory: move-only; closes in its destructor. Threads: as a plain value. Failure: none.
#ifndef REMOTE_DRAM_NET_DESCRIPTOR_H_
#define REMOTE_DRAM_NET_DESCRIPTOR_H_

#include <unistd.h>

#include <utility>

namespace remote_dram::net {

class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~Descriptor() { Close(); }

  bool valid() const { return fd_ >= 0; }
  int fd() const { return fd_; }
  void Close() {
    if (fd_ >= 0) close(std::exchange(fd_, -1));
  }

 private:
  int fd_ = -1;
};

}  // namespace remote_dram::net

#endif  // REMOTE_DRAM_NET_DESCRIPTOR_H_
