// Gateway: serves a KeyValueStore to stock TensorStore (driver "tsgrpc_kvstore"), on this host only.
//
// Memory: a movable handle that owns its threads and sockets. The store must outlive it, and must
// answer the calls that are still pending after Stop(); their answers are then dropped. A value on its
// way in is held whole; one on its way out is sent from where the store keeps it.
// Threads: any. It runs one thread of its own beside gRPC's.
// Failure: Start says what is wrong and leaves nothing behind. Stop and the destructor end every
// connection and take the socket file away; what still runs after a short grace is cancelled. In a forked
// child they do nothing: the gateway is the parent's.
// Limits: value_bytes_max; gateway_message_bytes_max, gateway_streams_max per connection.
// There is no TLS: whoever may open the socket file (its mode is 0600), or any user of this host if a
// TCP port is given, may read and write the store.
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

inline constexpr int gateway_message_bytes_max = (4 << 20) + (64 << 10);  // one that arrives
inline constexpr int gateway_streams_max = 128;                           // calls at once, per connection

struct GatewayOptions {
  // unix:PATH, or 127.0.0.1:PORT (port 0: any free one; no other host but those of 127.0.0.0/8).
  std::string listen;
  // Of a value to be written; the store may have a lower limit.
  uint64_t value_bytes_max = remote_dram::value_bytes_max;
  LogFunction log = nullptr;  // silent
};

// For a program that is a gateway and little else, at its start: from now on malloc keeps what is freed, up to
// freed_bytes_kept_max in each of two heaps. What a write brings is freed at once when it was stored, malloc would give
// it back to the system, and the next write would wait for as many fresh pages: a third of what 1 MiB takes.
// It holds for the whole process. Does nothing where malloc is not glibc's.
inline constexpr int freed_bytes_kept_max = 256 << 20;
void KeepFreedMemory();

class Gateway {
 public:
  static Result<Gateway> Start(KeyValueStore& store, const GatewayOptions& options);

  Gateway(Gateway&&) noexcept;
  Gateway& operator=(Gateway&&) noexcept;
  ~Gateway();

  // What TensorStore takes as "address": a gRPC target, with the real port.
  const std::string& target() const;

  // Ends every connection and the listening socket. Idempotent.
  void Stop();

 private:
  class Parts;
  explicit Gateway(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace remote_dram

#endif  // REMOTE_DRAM_GATEWAY_H_
