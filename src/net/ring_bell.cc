// RingBell: a byte in, many out.
#include "net/ring_bell.h"

#include <sys/socket.h>

#include <cerrno>

#include "net/descriptor_passing.h"

namespace remote_dram::net {

// If there is no room for it, another that the peer has not heard yet is there.
void RingBell::Ring() const { (void)SendBytes(socket_.fd(), "!", -1); }

// MSG_DONTWAIT: whether the socket blocks is not ours alone to say, the peer has another descriptor of what it gave us.
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
