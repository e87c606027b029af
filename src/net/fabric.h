// Fabric: the data path of one loop, messages of a small header and a payload of any size.
//
// The seam's third part; net/ucx and net/sim implement it, and net/ring_channel its Endpoint.
// Memory: headers are copied. The pieces of a payload must stay until their transfer ended, the target of a
// Fetch until `fetched` ran: also after a failure, and after the endpoint was destroyed (its transfers then
// end with an error, soon). Both callbacks own what keeps that memory alive.
// Threads: the loop's role for everything. Callbacks may run inside the call that takes them.
// Failure: an endpoint that broke reports it once by `failed`; all its transfers end with an error.
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

// UCX 1.13 takes 8,100 bytes over shared memory and 8,140 over TCP.
inline constexpr size_t message_header_bytes_max = 8000;

using TransferEnded = base::Callback<Status>;

class Endpoint {
 public:
  virtual ~Endpoint() = default;  // closes, without waiting for what is under way

  // Null: the transfer has ended, as that of a small message does at once. Else what is put there runs when it
  // ends, which is not before the caller has returned to the loop.
  [[nodiscard]] virtual TransferEnded* Send(std::string_view header, std::span<const std::string_view> payload) = 0;

  // As Send, without a payload; the receiver can answer on Arrival::TakeEndpoint().
  virtual void SendIntroduction(std::string_view header) = 0;

  // The transports in use, "posix/memory cma/memory"; empty before the first message.
  virtual std::string Lanes() const = 0;
};

// A message that came in. Its payload must be copied or fetched inside OnMessage, or it is dropped.
class Arrival {
 public:
  virtual std::string_view header() const = 0;
  virtual uint64_t payload_bytes() const = 0;

  // False if the payload still lies in the sender's memory. A sender that gave up may have changed it since
  // (over CMA the transfer then succeeds): whoever fetches it looks at the lifeline before using it.
  virtual bool came_along() const = 0;
  // Only of a payload that came along.
  virtual std::string_view payload() const = 0;
  // Only of one that did not, once: brings it to `to`, which has room for payload_bytes().
  virtual void Fetch(char* to, TransferEnded fetched) = 0;

  // Only of an introduction over a connection that this side accepted: the endpoint that leads back, from
  // now on the caller's. Otherwise null.
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

  // What a peer's Connect needs to know, as bytes.
  virtual std::string address() const = 0;
  virtual Result<std::unique_ptr<Endpoint>> Connect(std::string_view peer_address,
                                                    base::Callback<Status> failed) = 0;
};

}  // namespace remote_dram::net

#endif  // REMOTE_DRAM_NET_FABRIC_H_
