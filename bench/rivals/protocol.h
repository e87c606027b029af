// Protocol: builds a rival's requests and parses its replies.
//
// Memory: none kept; the pieces of a request point into the arguments and `head`.
// Threads: one. Failure: Fail, if a reply is not the expected one. Limits: Socket::line_bytes_max for a line.
#ifndef REMOTE_DRAM_BENCH_RIVALS_PROTOCOL_H_
#define REMOTE_DRAM_BENCH_RIVALS_PROTOCOL_H_

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "bench/socket.h"

namespace remote_dram::bench {

class Protocol {
 public:
  virtual ~Protocol() = default;

  // One request for all of `keys`.
  virtual std::string Get(const std::vector<std::string>& keys) const = 0;
  // The bytes of a set request before the value, and after it.
  virtual std::string SetHead(std::string_view key, size_t bytes) const = 0;
  virtual std::string_view SetTail() const { return "\r\n"; }
  // A request that deletes all keys.
  virtual std::string Clear() const = 0;

  // Stores the values one after the other at `to`; each has `bytes` bytes.
  virtual void ReceiveValues(Socket& socket, size_t keys, char* to, size_t bytes) const = 0;
  virtual void ReceiveSet(Socket& socket) const = 0;
  virtual void ReceiveClear(Socket& socket) const = 0;
};

// "memcached" or "redis".
std::unique_ptr<Protocol> ProtocolOf(const std::string& rival);

}  // namespace remote_dram::bench

#endif  // REMOTE_DRAM_BENCH_RIVALS_PROTOCOL_H_
