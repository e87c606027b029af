// Descriptor: owns a file descriptor of this process, which is closed in a forked child.
//
// Memory: move-only; closes in its destructor, which must not run in a forked child (see fork.h).
// Threads: as a plain value. Failure: not valid() if opening failed; errno says why.
#ifndef REMOTE_DRAM_BASE_DESCRIPTOR_H_
#define REMOTE_DRAM_BASE_DESCRIPTOR_H_

#include <functional>
#include <utility>

#include "base/fork.h"

namespace remote_dram::base {

class Descriptor {
 public:
  Descriptor() = default;
  // `open` returns a new descriptor or -1. It must not block, because a fork waits until it returns.
  explicit Descriptor(const std::function<int()>& open) : fd_(OpenForThisProcessOnly(open)) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~Descriptor() { Close(); }

  bool valid() const { return fd_ >= 0; }
  int fd() const { return fd_; }

  void Close() {
    if (fd_ >= 0) CloseForThisProcess(std::exchange(fd_, -1));
  }
  // Returns the descriptor and gives up ownership; a forked child now keeps it, too.
  int Release() {
    ReleaseForThisProcess(fd_);
    return std::exchange(fd_, -1);
  }

 private:
  int fd_ = -1;
};

}  // namespace remote_dram::base

#endif  // REMOTE_DRAM_BASE_DESCRIPTOR_H_
