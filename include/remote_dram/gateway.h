// Gateway: serves a KeyValueStore to stock TensorStore (driver "tsgrpc_kvstore"), on this host only.
//
// Memory: a movable handle that owns its threads and sockets. The store must outlive it. Calls of the store may still be
// pending after Stop(): the store must answer them, and the answers are dropped. A value that is being written is
// passed to the store part by part (upload.h); a value that is read is sent from where the store keeps it.
// Threads: any. The gateway runs one thread of its own beside gRPC's.
// Failure: Start says what is wrong and leaves nothing behind. Stop and the destructor end every connection and remove
// the socket file; calls that still run after a short grace period (500 ms) are cancelled. In a forked child both do
// nothing, because the gateway belongs to the parent.
// Limits: value_bytes_max; gateway_message_bytes_max; gateway_streams_max per connection.
// There is no TLS: whoever may open the socket file (its mode is 0600) may read and write the store; if a TCP port is
// given, every user of this host may.
#ifndef REMOTE_DRAM_GATEWAY_H_
#define REMOTE_DRAM_GATEWAY_H_

#include <cstdint>
#include <memory>
#include <string>

#include "remote_dram/key_value_store.h"
#include "remote_dram/limits.h"
#include "remote_dram/log.h"
#include "remote_dram/status.h"

namespace remote_dram {

inline constexpr int gateway_message_bytes_max = (4 << 20) + (64 << 10);  // of one gRPC message that a client sends
inline constexpr int gateway_streams_max = 128;                           // concurrent calls of one connection

struct GatewayOptions {
  // unix:PATH, or HOST:PORT with a host in 127.0.0.0/8 (port 0: the system chooses a free one).
  std::string listen;
  // The largest value that may be written; the store may have a lower limit.
  uint64_t value_bytes_max = remote_dram::value_bytes_max;
  LogFunction log = nullptr;  // null: nothing is logged
};

// Makes malloc keep freed memory instead of returning it to the system, up to freed_bytes_kept_max in each of two heaps.
// To be called once, at the start of a program whose main work is a gateway. The reason: the buffers of a written value
// are freed as soon as it is stored. If malloc returned them to the system, the next write would have to wait for as many
// new pages, which takes a third of the time that a write of 1 MiB needs.
// Affects the whole process. Does nothing if malloc is not glibc's.
inline constexpr int freed_bytes_kept_max = 256 << 20;
void KeepFreedMemory();

class Gateway {
 public:
  // Listens and serves `store` until Stop or the destructor.
  static Result<Gateway> Start(KeyValueStore& store, const GatewayOptions& options);

  Gateway(Gateway&&) noexcept;
  Gateway& operator=(Gateway&&) noexcept;
  ~Gateway();

  // The "address" to give in TensorStore's spec: a gRPC target, with the actual port.
  const std::string& target() const;

  // Closes the listening socket and every connection. Blocks until both are closed. Idempotent.
  void Stop();

 private:
  class Parts;
  explicit Gateway(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace remote_dram

#endif  // REMOTE_DRAM_GATEWAY_H_
