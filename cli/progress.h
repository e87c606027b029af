// Progress: shows on a terminal how far a transfer is, once it has taken progress_delay.
//
// Threads: one.
// Failure: none; where standard error is no terminal, nothing is ever shown.
#ifndef REMOTE_DRAM_CLI_PROGRESS_H_
#define REMOTE_DRAM_CLI_PROGRESS_H_

#include <boost/timer/progress_display.hpp>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace remote_dram::cli {

inline constexpr std::chrono::milliseconds progress_delay{1'000};

class Progress {
 public:
  // `what` is told above the bar. Of how many bytes is not always known; then they are only counted.
  Progress(std::string what, std::optional<uint64_t> bytes_total);
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  ~Progress();  // leaves the terminal at the begin of a line

  void Add(uint64_t bytes);

 private:
  using Clock = std::chrono::steady_clock;
  void Count();

  const bool on_terminal_;
  const std::string what_;
  const std::optional<uint64_t> bytes_total_;
  uint64_t bytes_ = 0;
  Clock::time_point next_ = Clock::now() + progress_delay;  // nothing is shown before
  bool counted_ = false;
  std::optional<boost::timer::progress_display> bar_;
};

// A line on the terminal, if standard error is one: for what has no steps that could be counted.
void TellTerminal(std::string_view line);

}  // namespace remote_dram::cli

#endif  // REMOTE_DRAM_CLI_PROGRESS_H_
