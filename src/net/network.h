// Network: one loop's whole view of the outside world; the seam that client and server are built on.
//
// Memory: everything that a network made must be gone before the network is; it owns its loop.
// Threads: the loop's role, except for loop() and what is said otherwise.
// Failure: Status, with the address; nothing is left behind.
#ifndef REMOTE_DRAM_NET_NETWORK_H_
#define REMOTE_DRAM_NET_NETWORK_H_

#include <memory>
#include <string>
#include <string_view>

#include "net/address.h"
#include "net/control.h"
#include "net/fabric.h"
#include "net/loop.h"
#include "net/tls.h"

namespace remote_dram::net {

class Network {
 public:
  virtual ~Network() = default;
  virtual Loop& loop() = 0;

  // `tls`: that of the connections; null: they are in the clear. `socket_mode`: of a Unix socket's file.
  virtual Result<std::unique_ptr<ControlListener>> Listen(
      const Address& address, base::Callback<std::unique_ptr<Accepted>> accepted, std::shared_ptr<const Tls> tls,
      unsigned socket_mode) = 0;
  // Adopts a connection that this or another network of the process accepted.
  virtual std::unique_ptr<ControlLink> Adopt(std::unique_ptr<Accepted> accepted, ControlEvents* events) = 0;
  // Begins to connect to a resolved address. Frames may be sent at once; a failure comes as OnClosed.
  virtual std::unique_ptr<ControlLink> Dial(const Address& address, ControlEvents* events,
                                            std::shared_ptr<const Tls> tls) = 0;

  // Data paths, made when first asked for; all messages go to the sink, which is set before. A sink that ends
  // before the network sets null, and what still arrives is dropped.
  virtual void SetSink(MessageSink* sink) = 0;
  // One that has failed as a whole, with all its endpoints, is followed by another.
  virtual Result<Fabric*> Shm() = 0;
  // On the network device that has the local address `host` (0.0.0.0: on all). A server's fabric accepts
  // connections, a client's does not.
  virtual Result<Fabric*> Tcp(const std::string& host, bool accepts) = 0;

  // One without a fabric, over the rings whose memory lies in `socket`, as an end of net/ring_pair.h.
  virtual Result<std::unique_ptr<Endpoint>> OverRings(base::Descriptor socket, base::Callback<Status> failed) = 0;

  // Equal on two networks if UCX's shared memory can lead from one to the other; its first word, if they are on one host.
  virtual std::string HostIdentity() const = 0;
};

inline bool OnOneHost(std::string_view identity, std::string_view other) {
  return identity.substr(0, identity.find(' ')) == other.substr(0, other.find(' '));
}

}  // namespace remote_dram::net

#endif  // REMOTE_DRAM_NET_NETWORK_H_
