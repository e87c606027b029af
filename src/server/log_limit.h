// LogLimit: of what happens again and again, lets one line of each reason into the log per log_interval.
//
// Whoever reaches the port can make a server log something; this bounds how much.
// Memory: a few dozen reasons. Threads: any.
// Failure: none.
// Limits: log_reasons_max; the reasons beyond are one.
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
  // What to log, if anything: the reason, and how many times it was held back before.
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
