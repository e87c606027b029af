// Text for bytes.
#include "base/bytes.h"

#include <cctype>
#include <cstdio>
#include <system_error>

namespace remote_dram::base {
namespace {
constexpr char kDigits[] = "0123456789abcdef";
constexpr size_t kQuotedBytesMax = 64;
}  // namespace

std::string Hex(std::string_view bytes) {
  std::string hex;
  hex.reserve(bytes.size() * 2);
  for (const unsigned char c : bytes) {
    hex.push_back(kDigits[c >> 4]);
    hex.push_back(kDigits[c & 15]);
  }
  return hex;
}

std::string Quoted(std::string_view key) {
  std::string text = "\"";
  for (const unsigned char c : key.substr(0, kQuotedBytesMax)) {
    if (c == '"' || c == '\\') {
      text.push_back('\\');
      text.push_back(static_cast<char>(c));
    } else if (c >= 0x20 && c < 0x7f) {
      text.push_back(static_cast<char>(c));
    } else {
      text += {'\\', 'x', kDigits[c >> 4], kDigits[c & 15]};
    }
  }
  text += "\"";
  if (key.size() > kQuotedBytesMax) text += "... (" + std::to_string(key.size()) + " bytes)";
  return text;
}

std::string HumanBytes(uint64_t bytes) {
  if (bytes < 1024) return std::to_string(bytes) + " bytes";
  static constexpr const char* units[] = {"KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
  double scaled = static_cast<double>(bytes) / 1024;
  size_t unit = 0;
  for (; scaled >= 1024 && unit + 1 < std::size(units); ++unit) scaled /= 1024;
  char text[32];
  std::snprintf(text, sizeof text, "%.4g %s", scaled, units[unit]);
  return text;
}

std::string ErrorText(int error) {
  std::string text = std::generic_category().message(error);
  if (!text.empty()) text[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(text[0])));
  return text;
}

}  // namespace remote_dram::base
