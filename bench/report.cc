// Tables on standard output, JSON in a file.
#include "bench/report.h"

#include <cmath>
#include <ctime>
#include <fstream>
#include <iostream>

#include "bench/fail.h"
#include "bench/process.h"

namespace remote_dram::bench {
namespace {

constexpr size_t kColumnWidthMin = 7;

// Columns on a screen: continuation bytes of UTF-8 take no room.
size_t Width(const std::string& text) {
  size_t width = 0;
  for (const unsigned char byte : text) width += (byte & 0xc0) != 0x80;
  return width;
}

std::string Today() {
  const std::time_t now = std::time(nullptr);
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%d", std::gmtime(&now));
  return text;
}

}  // namespace

Table::Table(const std::string& title, std::vector<std::string> columns) : columns_(std::move(columns)) {
  std::cout << "\n" << title << "\n\n";
  Row(columns_);
  for (const std::string& column : columns_) {
    std::cout << "|" << std::string(std::max(Width(column), kColumnWidthMin) + 1, '-') << ":";
  }
  std::cout << "|" << std::endl;
}

void Table::Row(const std::vector<std::string>& cells) const {
  for (size_t i = 0; i < cells.size(); ++i) {
    const size_t width = std::max(Width(columns_[i]), kColumnWidthMin);
    std::cout << "| " << std::string(width - std::min(width, Width(cells[i])), ' ') << cells[i] << " ";
  }
  std::cout << "|" << std::endl;
}

Report::Report(const std::string& command, const std::string& ucx_version) {
  const Machine machine = ThisMachine();
  json_ = {{"date", Today()},
           {"command", command},
           {"version", REMOTE_DRAM_VERSION},
           {"ucx", ucx_version},
           {"cpu", machine.cpu},
           {"cores", machine.cores},
           {"memory", machine.memory},
           {"kernel", machine.kernel},
           {"huge_pages", machine.huge_pages},
           {"shared_huge_pages", machine.shared_huge_pages},
           {"tcp_congestion_control", machine.tcp_congestion_control}};
  std::cout << "remote_dram " << REMOTE_DRAM_VERSION << ", UCX " << ucx_version << ", " << Today() << "\n"
            << machine.cpu << ", " << machine.cores << " cores, " << machine.memory << ", " << machine.kernel
            << ", transparent huge pages: " << machine.huge_pages << ", of shared memory: " << machine.shared_huge_pages
            << ", TCP congestion control: " << machine.tcp_congestion_control << "\n"
            << command << std::endl;
}

bool Report::Judge(bool met) {
  ++targets_;
  if (!met) ++missed_;
  return met;
}

void Report::Write(const std::string& file) const {
  std::ofstream out(file);
  out << json_.dump(2) << "\n";
  out.close();
  Require(!out.fail(), "cannot write " + file);
}

std::string Digits(double value) {
  char text[32];
  const double size = std::abs(value);
  const int decimals = size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3;
  std::snprintf(text, sizeof text, "%.*f", decimals, value);
  return text;
}

}  // namespace remote_dram::bench
