// Progress: the bar of Boost.Timer if the total is known, else a count of the bytes.
#include "cli/progress.h"

#include <unistd.h>

#include <iostream>

#include "cli/text.h"

namespace remote_dram::cli {
namespace {

constexpr std::chrono::milliseconds count_interval{200};

}  // namespace

Progress::Progress(std::string what, std::optional<uint64_t> bytes_total)
    : on_terminal_(isatty(STDERR_FILENO) == 1), what_(WithoutControls(what)), bytes_total_(bytes_total) {}

Progress::~Progress() {
  if (counted_ || (bar_ && bar_->count() != bar_->expected_count())) std::cerr << std::endl;
}

void Progress::Add(uint64_t bytes) {
  bytes_ += bytes;
  if (!on_terminal_ || Clock::now() < next_) return;
  if (!bytes_total_) return Count();
  if (!bar_) bar_.emplace(*bytes_total_, std::cerr, what_ + ", " + ShowSize(*bytes_total_) + "\n");
  *bar_ += bytes_ - bar_->count();
}

void Progress::Count() {
  std::cerr << "\r" << what_ << ": " << ShowSize(bytes_) << "   " << std::flush;
  counted_ = true;
  next_ = Clock::now() + count_interval;
}

void TellTerminal(std::string_view line) {
  if (isatty(STDERR_FILENO) == 1) std::cerr << WithoutControls(line) << std::endl;
}

}  // namespace remote_dram::cli
