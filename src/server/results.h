// Results: what a client's mutations were answered, so that one that is sent again gets the same answer.
//
//   number:   ... forgotten ... | floor ... answered or not yet come ... | floor + mutations_window_max: too far
//
// The floor is the lowest number that the client still wants to know of; it never falls.
// Memory: keeps copies of replies from the floor on.
// Threads: the loop's role of the session that holds it, which may change between sessions.
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
  base::ShortVector<char, 64> message;  // of a Put, for one
  std::string payload;
  bool answered() const { return !message.empty(); }
};

class Results {
 public:
  enum class Verdict { kNew, kRepeated, kForgotten, kTooFar };

  // What a mutation with this number is, given the client's floor.
  Verdict Judge(uint64_t number, uint64_t floor);
  // Of a number that was judged new, and is applied or refused for good.
  void Remember(uint64_t number, std::string_view message, std::span<const std::string_view> payload);
  // Of a number that was judged repeated.
  const Remembered& Find(uint64_t number) const { return kept_[number - kept_from_]; }

 private:
  uint64_t floor_ = 1;
  uint64_t kept_from_ = 1;  // at most the floor: what is below it goes with the next Remember
  std::deque<Remembered> kept_;  // of kept_from_, kept_from_ + 1, ...
};

}  // namespace remote_dram::server

#endif  // REMOTE_DRAM_SERVER_RESULTS_H_
