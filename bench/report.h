// Report: the bench's results as printed tables and as JSON, with the machine, the date and the command.
//
// Memory: owns its JSON. Threads: one. Failure: Fail, if the file cannot be written.
#ifndef REMOTE_DRAM_BENCH_REPORT_H_
#define REMOTE_DRAM_BENCH_REPORT_H_

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace remote_dram::bench {

// A Markdown table that is printed row by row. A column is as wide as its title, with a minimum; longer cells overflow.
class Table {
 public:
  Table(const std::string& title, std::vector<std::string> columns);
  void Row(const std::vector<std::string>& cells) const;

 private:
  std::vector<std::string> columns_;
};

class Report {
 public:
  Report(const std::string& command, const std::string& ucx_version);
  nlohmann::json& operator[](const std::string& mode) { return json_[mode]; }
  void Write(const std::string& file) const;

  // Counts a target; returns whether it is met.
  bool Judge(bool met);
  // The number of targets judged so far, and how many of them were missed.
  size_t targets() const { return targets_; }
  size_t missed() const { return missed_; }

 private:
  nlohmann::json json_;
  size_t targets_ = 0, missed_ = 0;
};

// At most three decimals, fewer for larger values: "0.853", "1.50", "17.2", "4712".
std::string Digits(double value);

}  // namespace remote_dram::bench

#endif  // REMOTE_DRAM_BENCH_REPORT_H_
