// RingBell: sends one byte to ring, and receives many at once to listen.
#include "net/ring_bell.h"

#include <sys/socket.h>

#include <cerrno>

#include "net/descriptor_passing.h"

namespace remote_dram::net {

// If the socket is full, it holds bells that the peer has not heard yet, so another is not needed.
void RingBell::Ring() const { (void)SendBytes(socket_.fd(), "!", -1); }

// MSG_DONTWAIT, because the peer may have kept a descriptor of the socket that it passed, and can make it blocking.
bool RingBell::Listen() const {
  char bells[256];
  for (size_t heard = 0; heard < heard_at_once_max; heard += sizeof bells) {
    const ssize_t count = recv(socket_.fd(), bells, sizeof bells, MSG_DONTWAIT);
    if (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)) return true;
    if (count <= 0) return false;
  }
  return true;
}

}  // namespace remote_dram::net
