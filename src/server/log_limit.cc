// LogLimit: one line per reason and log_interval.
#include "server/log_limit.h"

#include <utility>

namespace remote_dram::server {

std::optional<std::string> LogLimit::Admit(const std::string& reason, net::TimePoint now) {
  base::MutexLock lock(mutex_);
  const bool known = past_.count(reason) > 0 || past_.size() < log_reasons_max;
  Past& past = past_[known ? reason : std::string()];
  if (now < past.next) {
    ++past.held_back;
    return std::nullopt;
  }
  past.next = now + log_interval;
  const uint64_t held_back = std::exchange(past.held_back, 0);
  if (held_back == 0) return reason;
  return reason + " (and " + std::to_string(held_back) + " more before, not logged)";
}

}  // namespace remote_dram::server
