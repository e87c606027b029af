// Results: the replies to a client's mutations, so that a mutation that is sent again gets the same reply.
//
//   number:   ... forgotten ... | floor ... answered or not yet come ... | floor + mutations_window_max: too far
//
// The floor is the lowest mutation number of which the client still needs the reply; it never falls.
// Memory: keeps copies of the replies from the floor on.
// Threads: the role of the loop of the session that holds the client; another session may have another loop.
// Failure: none. Limits: mutations_window_max.
#ifndef REMOTE_DRAM_SERVER_RESULTS_H_
#define REMOTE_DRAM_SERVER_RESULTS_H_

#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <string_view>

#include "base/short_vector.h"

namespace remote_dram::server {

// A reply as it was sent.
struct Remembered {
  base::ShortVector<char, 64> message;  // 64 bytes: the reply to a Put fits without an allocation
  std::string payload;
  bool answered() const { return !message.empty(); }
};

class Results {
 public:
  enum class Verdict { kNew, kRepeated, kForgotten, kTooFar };

  // What to do with a mutation of this number, given the client's floor.
  Verdict Judge(uint64_t number, uint64_t floor);
  // Remembers the reply to a mutation that was judged kNew, and is now applied or finally refused.
  void Remember(uint64_t number, std::string_view message, std::span<const std::string_view> payload);
  // The reply to a mutation that was judged kRepeated.
  const Remembered& Find(uint64_t number) const { return kept_[number - kept_from_]; }

 private:
  uint64_t floor_ = 1;
  uint64_t kept_from_ = 1;  // at most the floor; the next Remember drops replies below the floor
  std::deque<Remembered> kept_;  // replies to kept_from_, kept_from_ + 1, ...
};

}  // namespace remote_dram::server

#endif  // REMOTE_DRAM_SERVER_RESULTS_H_
