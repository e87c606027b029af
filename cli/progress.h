// Progress: shows the progress of a transfer on a terminal, once the transfer has taken progress_delay.
//
// Threads: one.
// Failure: none. If standard error is not a terminal, nothing is ever shown.
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
  // `what` is shown above the bar. Without `bytes_total` there is no bar; the bytes are only counted.
  Progress(std::string what, std::optional<uint64_t> bytes_total);
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  ~Progress();  // leaves the cursor at the beginning of a line

  void Add(uint64_t bytes);

 private:
  using Clock = std::chrono::steady_clock;
  void Count();

  const bool on_terminal_;
  const std::string what_;
  const std::optional<uint64_t> bytes_total_;
  uint64_t bytes_ = 0;
  Clock::time_point next_ = Clock::now() + progress_delay;  // nothing is shown before this time
  bool counted_ = false;
  std::optional<boost::timer::progress_display> bar_;
};

// Prints a line on standard error if it is a terminal; for long operations whose progress cannot be counted.
void TellTerminal(std::string_view line);

}  // namespace remote_dram::cli

#endif  // REMOTE_DRAM_CLI_PROGRESS_H_
