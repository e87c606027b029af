// LogLimit: of repeated events, lets one line per reason and log_interval into the log.
//
// Whoever can reach the port can make a server log something; this bounds how much.
// Memory: a few dozen reasons. Threads: any.
// Failure: none.
// Limits: log_reasons_max; all further reasons share one entry.
#ifndef REMOTE_DRAM_SERVER_LOG_LIMIT_H_
#define REMOTE_DRAM_SERVER_LOG_LIMIT_H_

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "base/thread_annotations.h"
#include "net/loop.h"

namespace remote_dram::server {

inline constexpr std::chrono::seconds log_interval{60};
inline constexpr size_t log_reasons_max = 32;

class LogLimit {
 public:
  // The line to log: the reason, and how many lines of it were held back before. nullopt: log nothing now.
  std::optional<std::string> Admit(const std::string& reason, net::TimePoint now);

 private:
  struct Past {
    net::TimePoint next = net::TimePoint::min();  // when it may be logged again
    uint64_t held_back = 0;
  };
  base::Mutex mutex_;
  std::map<std::string, Past> past_ GUARDED_BY(mutex_);
};

}  // namespace remote_dram::server

#endif  // REMOTE_DRAM_SERVER_LOG_LIMIT_H_
