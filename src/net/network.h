// Network: everything through which one loop reaches the outside world. Client and server are built on this interface, so
// that a simulation can replace it; Loop, ControlLink and Fabric are its three parts.
//
// Memory: owns its loop. Everything that a network made must be destroyed before the network.
// Threads: the loop's role, except for loop() and where a comment says otherwise.
// Failure: Status, with the address; a failed call leaves nothing behind.
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

  // `tls`: for the accepted connections; null: without encryption. `socket_mode`: the mode of a Unix socket's file.
  virtual Result<std::unique_ptr<ControlListener>> Listen(
      const Address& address, base::Callback<std::unique_ptr<Accepted>> accepted, std::shared_ptr<const Tls> tls,
      unsigned socket_mode) = 0;
  // Adopts a connection that this or another network of the process accepted.
  virtual std::unique_ptr<ControlLink> Adopt(std::unique_ptr<Accepted> accepted, ControlEvents* events) = 0;
  // Begins to connect to a resolved address. Frames may be sent at once; a failure comes as OnClosed.
  virtual std::unique_ptr<ControlLink> Dial(const Address& address, ControlEvents* events,
                                            std::shared_ptr<const Tls> tls) = 0;

  // Sets the receiver of all messages; to be called before the first use of a data path. A sink that is destroyed before the
  // network sets null first; messages that arrive later are dropped.
  virtual void SetSink(MessageSink* sink) = 0;
  // The shared-memory fabric, made at the first call. If it has failed as a whole, with all its endpoints, the next call
  // makes another.
  virtual Result<Fabric*> Shm() = 0;
  // The TCP fabric on the network device that has the local address `host` (0.0.0.0: on all). A server's fabric accepts
  // connections, a client's does not.
  virtual Result<Fabric*> Tcp(const std::string& host, bool accepts) = 0;

  // An endpoint without a fabric, over two rings; `socket` is an end of a net/ring_pair.h, with the memory of the rings.
  virtual Result<std::unique_ptr<Endpoint>> OverRings(base::Descriptor socket, base::Callback<Status> failed) = 0;

  // Two networks have the same identity if UCX's shared memory can connect them, and the same first word if they are on the
  // same host.
  virtual std::string HostIdentity() const = 0;
};

inline bool OnOneHost(std::string_view identity, std::string_view other) {
  return identity.substr(0, identity.find(' ')) == other.substr(0, other.find(' '));
}

}  // namespace remote_dram::net

#endif  // REMOTE_DRAM_NET_NETWORK_H_
