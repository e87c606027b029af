// ControlLink: one end of a control connection. It carries frames in order until it closes, and is the lifeline: while it is
// open, the peer lives.
//
// It is the second part of the interface to the outside world (net/network.h). A frame is a 32-bit little-endian length and
// that many bytes.
// Memory: the owner destroys the link, which closes it; it may do so inside an event. Send copies its frame.
// Threads: the loop's role for everything.
// Failure: OnClosed is called once, as the last event, and never inside a call that the owner makes.
// Limits: control_frame_bytes_max, both ways; control_unsent_bytes_max and control_unsent_descriptors_max wait for a peer
// that does not read; control_descriptors_max received descriptors are kept until the owner takes them.
#ifndef REMOTE_DRAM_NET_CONTROL_H_
#define REMOTE_DRAM_NET_CONTROL_H_

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "base/descriptor.h"
#include "remote_dram/status.h"

namespace remote_dram::net {

inline constexpr size_t control_frame_bytes_max = 4096;
inline constexpr size_t control_unsent_bytes_max = 4 * control_frame_bytes_max;
inline constexpr size_t control_unsent_descriptors_max = 80;  // each is an open descriptor of this process until it is sent
inline constexpr size_t control_descriptors_max = 8;

// Why a link ended. kNobodyThere: nothing listens at the address, or something other than a suitable server does; retrying
// soon is useless. kLost: any other reason; the peer may still be alive and not know of it.
enum class LinkEnd { kNobodyThere, kLost };

class ControlEvents {
 public:
  virtual void OnFrame(std::string_view frame) = 0;
  // The link is dead: the peer closed it, vanished, could not be reached, or sent something that is not a frame.
  virtual void OnClosed(LinkEnd end, const Status& why) = 0;

 protected:
  ~ControlEvents() = default;
};

class ControlLink {
 public:
  virtual ~ControlLink() = default;
  virtual void Send(std::string_view frame) = 0;

  // Pass descriptors; only a link over a Unix socket can. At most one goes with a frame. The peer takes them in the order
  // of the frames, from the moment at which the frame arrives. TakeDescriptor returns one that is not valid() if there is
  // none.
  virtual void SendWith(std::string_view frame, base::Descriptor descriptor) = 0;
  virtual base::Descriptor TakeDescriptor() = 0;
  // Another descriptor of this connection, which stays open until that descriptor is closed, too, or Cut is called.
  virtual base::Descriptor Duplicate() const = 0;

  // Shuts the connection down before it returns, so that the peer can see it; no further event occurs. Call it before
  // releasing memory that the peer may still be fetching.
  virtual void Cut() = 0;

  // Checks immediately whether the peer still holds its end open. (OnClosed may come later.)
  virtual bool PeerIsThere() const = 0;

  // The dotted quads of both ends; empty for a Unix socket.
  virtual std::string local_host() const = 0;
  virtual std::string peer_host() const = 0;
};

// An accepted connection, on its way to the loop that will own it. Destroying it closes the connection.
class Accepted {
 public:
  virtual ~Accepted() = default;
};

class ControlListener {
 public:
  virtual ~ControlListener() = default;
  // The bound address, with the actual port.
  virtual std::string address() const = 0;
};

}  // namespace remote_dram::net

#endif  // REMOTE_DRAM_NET_CONTROL_H_
