// RingBell: an end of the pair of sockets that belongs to two rings (net/ring_pair.h), once its memory was received. Each
// byte in it wakes who sleeps there; that it ends tells that the peer is gone.
//
// Memory: owns the socket. Threads: one at a time. Failure: none; a bell that is closed rings for nobody.
// Limits: heard_at_once_max.
#ifndef REMOTE_DRAM_NET_RING_BELL_H_
#define REMOTE_DRAM_NET_RING_BELL_H_

#include <cstddef>
#include <utility>

#include "base/descriptor.h"

namespace remote_dram::net {

class RingBell {
 public:
  static constexpr size_t heard_at_once_max = 4096;  // bytes

  explicit RingBell(base::Descriptor socket) : socket_(std::move(socket)) {}

  bool open() const { return socket_.valid(); }
  int fd() const { return socket_.fd(); }
  void Ring() const;
  // Takes out what rang. False: the peer has closed its end.
  [[nodiscard]] bool Listen() const;
  void Close() { socket_ = {}; }

 private:
  base::Descriptor socket_;
};

}  // namespace remote_dram::net

#endif  // REMOTE_DRAM_NET_RING_BELL_H_
