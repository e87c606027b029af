// Shared: the server's statistics, and random numbers.
#include "server/shared.h"

#include <sys/random.h>

#include "base/check.h"

namespace remote_dram::server {

ServerStat Shared::Stat(net::TimePoint now) const {
  const store::StoreUsage usage = store.Usage();
  ServerStat stat;
  stat.version = kVersion;
  stat.incarnation = store.incarnation();
  stat.sequence = usage.sequence;
  stat.keys = usage.keys;
  stat.memory_bytes = usage.memory_bytes;
  stat.memory_limit_bytes = usage.memory_limit_bytes;
  stat.connections = connections.load(std::memory_order_relaxed) - mapping.load(std::memory_order_relaxed);
  stat.uptime_ms = static_cast<uint64_t>(
      std::chrono::duration_cast<std::chrono::milliseconds>(now - started).count());
  return stat;
}

uint64_t SystemRandom() {
  uint64_t number = 0;
  while (number == 0) RD_CHECK(getrandom(&number, sizeof number, 0) == sizeof number);
  return number;
}

}  // namespace remote_dram::server
