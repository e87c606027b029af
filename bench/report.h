// Report: what the bench prints and what it writes as JSON, with the machine, the date and the command.
//
// Memory: owns its JSON. Threads: one. Failure: Fail, if the file cannot be written.
#ifndef REMOTE_DRAM_BENCH_REPORT_H_
#define REMOTE_DRAM_BENCH_REPORT_H_

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace remote_dram::bench {

// A Markdown table that is printed row by row; a column is as wide as its title and what its first rows need.
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
  // How many were there, and how many were missed.
  size_t targets() const { return targets_; }
  size_t missed() const { return missed_; }

 private:
  nlohmann::json json_;
  size_t targets_ = 0, missed_ = 0;
};

// Three significant digits: "0.853", "17.2", "4710".
std::string Digits(double value);

}  // namespace remote_dram::bench

#endif  // REMOTE_DRAM_BENCH_REPORT_H_
