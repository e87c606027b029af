// Shared: what all loops of one server have in common.
//
// Memory: owned by the Server, outlives its loops. Threads: any; the store and the counters are safe to share.
// Failure: none.
#ifndef REMOTE_DRAM_SERVER_SHARED_H_
#define REMOTE_DRAM_SERVER_SHARED_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>

#include "net/loop.h"
#include "remote_dram/log.h"
#include "remote_dram/verbs.h"
#include "server/clients.h"
#include "server/log_limit.h"
#include "store/store.h"

namespace remote_dram::server {

inline constexpr char kVersion[] = REMOTE_DRAM_VERSION;

struct Shared {
  store::Store store;
  std::function<uint64_t()> random;  // unpredictable; from any thread
  LogFunction log;                   // never null
  std::string mapping_path{};        // the socket at which clients that came over TCP may map; empty: none
  LogLimit strangers_log{};          // for lines about connections that never joined
  std::atomic<uint64_t> connections{0};  // admitted and still open
  std::atomic<uint64_t> mapping{0};      // those of `connections` that only carry a mapping
  Clients clients{random};

  // The server's part of a ServerStat; a client adds the address and path by which it is connected.
  ServerStat Stat(net::TimePoint now) const;
  net::TimePoint started{};
};

// A random number from the system, for incarnations and tokens; never zero.
uint64_t SystemRandom();

}  // namespace remote_dram::server

#endif  // REMOTE_DRAM_SERVER_SHARED_H_
