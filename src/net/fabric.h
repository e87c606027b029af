// Fabric: the data path of one loop. It carries messages with a small header and a payload of any size.
//
// It is the third part of the interface to the outside world (net/network.h). net/ucx and net/sim implement Fabric;
// net/ring_channel implements only its Endpoint.
// Memory: headers are copied. The pieces of a payload must stay in place until their transfer has ended, the target of a
// Fetch until `fetched` has run: also after a failure, and after the endpoint was destroyed (its transfers then soon end
// with an error). Both callbacks own what keeps that memory alive.
// Threads: the loop's role for everything. Callbacks may run inside the call that takes them.
// Failure: an endpoint that breaks calls `failed` once, and all its transfers end with an error.
// Limits: message_header_bytes_max.
#ifndef REMOTE_DRAM_NET_FABRIC_H_
#define REMOTE_DRAM_NET_FABRIC_H_

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/task.h"
#include "remote_dram/status.h"

namespace remote_dram::net {

// UCX 1.13 allows 8,100 bytes over shared memory and 8,140 over TCP.
inline constexpr size_t message_header_bytes_max = 8000;

using TransferEnded = base::Callback<Status>;

class Endpoint {
 public:
  virtual ~Endpoint() = default;  // closes the endpoint, without waiting for transfers under way

  // Null: the transfer has already ended, as that of a small message does. Otherwise a place for the caller's callback, which
  // runs when the transfer ends, at the earliest after the caller has returned to the loop.
  [[nodiscard]] virtual TransferEnded* Send(std::string_view header, std::span<const std::string_view> payload) = 0;

  // Like Send, without a payload; the receiver can reply on the endpoint of Arrival::TakeEndpoint().
  virtual void SendIntroduction(std::string_view header) = 0;

  // The transports in use, "posix/memory cma/memory"; empty before the first message.
  virtual std::string Lanes() const = 0;
};

// A received message. OnMessage must copy the payload or begin to fetch it; otherwise it is dropped.
class Arrival {
 public:
  virtual std::string_view header() const = 0;
  virtual uint64_t payload_bytes() const = 0;

  // True if the payload arrived together with the header; false if it still lies in the sender's memory. A sender that gave
  // up may have changed that memory since (over CMA the transfer then succeeds), so the receiver checks the lifeline after
  // fetching the payload and before using it.
  virtual bool came_along() const = 0;
  // Only if came_along().
  virtual std::string_view payload() const = 0;
  // Only if not came_along(), and only once: copies the payload to `to`, which has room for payload_bytes().
  virtual void Fetch(char* to, TransferEnded fetched) = 0;

  // For an introduction over a connection that this side accepted: the endpoint that leads back to the sender; the caller
  // owns it. Null otherwise.
  virtual std::unique_ptr<Endpoint> TakeEndpoint(base::Callback<Status> failed) = 0;

 protected:
  ~Arrival() = default;
};

class MessageSink {
 public:
  virtual void OnMessage(Arrival& arrival) = 0;

 protected:
  ~MessageSink() = default;
};

class Fabric {
 public:
  virtual ~Fabric() = default;

  // The bytes that a peer passes to Connect.
  virtual std::string address() const = 0;
  virtual Result<std::unique_ptr<Endpoint>> Connect(std::string_view peer_address,
                                                    base::Callback<Status> failed) = 0;
};

}  // namespace remote_dram::net

#endif  // REMOTE_DRAM_NET_FABRIC_H_
