// RingBell: one end of the pair of sockets that belongs to two rings (net/ring_pair.h), after the memory was received from
// it. Each byte sent wakes the peer if it sleeps on its end; the end of the stream shows that the peer is gone.
//
// Memory: owns the socket. Threads: one at a time. Failure: none; ringing a closed bell has no effect.
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
  // Consumes the bells that have arrived. False: the peer has closed its end.
  [[nodiscard]] bool Listen() const;
  void Close() { socket_ = {}; }

 private:
  base::Descriptor socket_;
};

}  // namespace remote_dram::net

#endif  // REMOTE_DRAM_NET_RING_BELL_H_
