// ControlLink: one end of a control connection, frames in order until it closes; the lifeline.
//
// The seam's second part. A frame is a 32-bit little-endian length and that many bytes.
// Memory: the owner destroys the link, from an event too; that closes it. Frames given to Send are copied.
// Threads: the loop's role for everything.
// Failure: OnClosed comes once, and nothing after it; never inside a call of the owner's.
// Limits: control_frame_bytes_max, both ways; control_unsent_bytes_max and control_unsent_descriptors_max for a peer that
// does not read; control_descriptors_max that came and were not taken.
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
inline constexpr size_t control_unsent_descriptors_max = 80;  // each is one of this process's until it is sent
inline constexpr size_t control_descriptors_max = 8;

// Why a link ended. kNobodyThere: nothing listens at the address, or something else does; to try again soon
// is of no use. kLost: anything else, of which a peer that lives may know nothing.
enum class LinkEnd { kNobodyThere, kLost };

class ControlEvents {
 public:
  virtual void OnFrame(std::string_view frame) = 0;
  // The link is dead: the peer closed it or is gone, could not be reached, or does not speak in frames.
  virtual void OnClosed(LinkEnd end, const Status& why) = 0;

 protected:
  ~ControlEvents() = default;
};

class ControlLink {
 public:
  virtual ~ControlLink() = default;
  virtual void Send(std::string_view frame) = 0;

  // Of a Unix socket; other links carry no descriptors. One goes with a frame, and is there for the peer to
  // take, in the order of the frames, when that frame has come. Not valid(): there is none.
  virtual void SendWith(std::string_view frame, base::Descriptor descriptor) = 0;
  virtual base::Descriptor TakeDescriptor() = 0;
  // Another descriptor of this connection: it stays open as long as that one does, unless it is cut.
  virtual base::Descriptor Duplicate() const = 0;

  // Closes the connection at this very moment, for the peer to see; no event comes any more. To be called
  // before memory that the peer may still be fetching is given back.
  virtual void Cut() = 0;

  // Looks at this very moment whether the peer still holds its end open. (The event may come later.)
  virtual bool PeerIsThere() const = 0;

  // The dotted quads of both ends; empty for a Unix socket.
  virtual std::string local_host() const = 0;
  virtual std::string peer_host() const = 0;
};

// An accepted connection on its way to the loop that will own it. Dropping it closes it.
class Accepted {
 public:
  virtual ~Accepted() = default;
};

class ControlListener {
 public:
  virtual ~ControlListener() = default;
  // The bound address, with its real port.
  virtual std::string address() const = 0;
};

}  // namespace remote_dram::net

#endif  // REMOTE_DRAM_NET_CONTROL_H_
