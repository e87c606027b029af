// Parsing and formatting for the command line.
#include "cli/text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <optional>
#include <type_traits>

namespace remote_dram::cli {
namespace {

Status NotUnderstood(std::string_view text, std::string_view wanted) {
  return Status(StatusCode::kInvalidArgument,
                Quoted(text) + " is not understood; write " + std::string(wanted));
}

// Parses the whole text as a non-negative number without a sign.
template <typename Number>
std::optional<Number> ParseNumber(std::string_view text) {
  if (text.empty() || !((text[0] >= '0' && text[0] <= '9') || text[0] == '.')) return std::nullopt;
  Number number{};
  const char* const text_end = text.data() + text.size();
  std::from_chars_result result;
  if constexpr (std::is_floating_point_v<Number>) {
    result = std::from_chars(text.data(), text_end, number, std::chars_format::fixed);
  } else {
    result = std::from_chars(text.data(), text_end, number);
  }
  if (result.ec != std::errc() || result.ptr != text_end) return std::nullopt;
  return number;
}

struct Unit {
  std::string_view name;
  double bytes;
};
constexpr char kDigits[] = "0123456789abcdef";
constexpr size_t kQuotedBytesMax = 64;

// How many bytes of a key are shown; a UTF-8 character is never cut in two.
size_t QuotedBytes(std::string_view key) {
  size_t bytes = std::min(key.size(), kQuotedBytesMax);
  if (bytes == key.size() || !IsUtf8(key)) return bytes;
  while (bytes > 0 && (static_cast<unsigned char>(key[bytes]) & 0xc0) == 0x80) --bytes;
  return bytes;
}

constexpr std::array<Unit, 5> kUnits = {
    {{"TiB", 0x1p40}, {"GiB", 0x1p30}, {"MiB", 0x1p20}, {"KiB", 0x1p10}, {"B", 1}}};

}  // namespace

Result<uint64_t> ParseSize(std::string_view text) {
  if (const auto bytes = ParseNumber<uint64_t>(text)) return *bytes;
  for (const Unit& unit : kUnits) {
    if (text.size() <= unit.name.size() || !text.ends_with(unit.name)) continue;
    std::string_view digits = text.substr(0, text.size() - unit.name.size());
    if (digits.ends_with(' ')) digits.remove_suffix(1);
    const auto number = ParseNumber<double>(digits);
    // 2^64 is the smallest double that is too large for a uint64_t.
    if (!number || !(*number * unit.bytes < 0x1p64)) break;
    return static_cast<uint64_t>(*number * unit.bytes);
  }
  return NotUnderstood(text, "a size as 8GiB, 512MiB, 64KiB or 4096 (bytes)");
}

Result<unsigned> ParseMode(std::string_view text) {
  unsigned mode = 0;
  const char* const text_end = text.data() + text.size();
  const std::from_chars_result result = std::from_chars(text.data(), text_end, mode, 8);
  if (result.ec == std::errc() && result.ptr == text_end && mode <= 0777) return mode;
  return NotUnderstood(text, "permissions as 0600, 0660 or 0666");
}

Result<std::string> ParseKey(std::string_view text) {
  if (text.size() <= key_bytes_max) return std::string(text);
  return Status(StatusCode::kInvalidArgument,
                "a key of " + std::to_string(text.size()) + " bytes is over key_bytes_max (" +
                    std::to_string(key_bytes_max) + "); use a shorter one");
}

Result<ByteRange> ParseRange(std::string_view text) {
  const Status failure = NotUnderstood(text, "a range as A:B, A:, :B or -N: (the last N bytes)");
  const size_t colon = text.find(':');
  if (colon == std::string_view::npos) return failure;
  const std::string_view from = text.substr(0, colon);
  const std::string_view to = text.substr(colon + 1);
  if (from.starts_with('-')) {
    const auto last = ParseNumber<uint64_t>(from.substr(1));
    if (!last || *last == 0 || *last > uint64_t{1} << 63 || !to.empty()) return failure;
    return ByteRange{static_cast<int64_t>(0 - *last), -1};
  }
  const auto min = from.empty() ? std::optional<int64_t>(0) : ParseNumber<int64_t>(from);
  const auto max = to.empty() ? std::optional<int64_t>(-1) : ParseNumber<int64_t>(to);
  if (!min || !max || (*max != -1 && *max < *min)) return failure;
  return ByteRange{*min, *max};
}

Result<Generation> ParseGeneration(std::string_view text) {
  const auto generation = Generation::FromHex(text);
  // Unknown is refused, because otherwise an empty --if-generation would be no condition at all.
  if (!generation || !generation->known()) {
    return NotUnderstood(text, "a generation as put and stat print it");
  }
  return *generation;
}

Result<std::string> ParseHex(std::string_view text) {
  std::string bytes;
  for (size_t at = 0; at + 1 < text.size(); at += 2) {
    unsigned char byte = 0;
    const char* const end = text.data() + at + 2;
    if (std::from_chars(text.data() + at, end, byte, 16).ptr != end) break;
    bytes.push_back(static_cast<char>(byte));
  }
  if (bytes.size() * 2 == text.size()) return bytes;
  return NotUnderstood(text, "two hexadecimal digits for each byte");
}

Result<std::chrono::milliseconds> ParseTimeout(std::string_view text) {
  const auto seconds = ParseNumber<double>(text);
  if (!seconds || *seconds < 0.001) return NotUnderstood(text, "a time-out in seconds as 30 or 0.5");
  constexpr auto seconds_max = std::chrono::duration_cast<std::chrono::seconds>(timeout_max).count();
  if (*seconds > static_cast<double>(seconds_max)) {
    return Status(StatusCode::kInvalidArgument,
                  Quoted(text) + " is over timeout_max (" + std::to_string(seconds_max) + " seconds)");
  }
  return std::chrono::milliseconds(std::llround(*seconds * 1000));
}

std::string ShowSize(uint64_t bytes) {
  for (const Unit& unit : kUnits) {
    if (unit.bytes == 1 || static_cast<double>(bytes) < unit.bytes) continue;
    char text[32];
    std::snprintf(text, sizeof text, "%.4g %s", static_cast<double>(bytes) / unit.bytes,
                  unit.name.data());
    return text;
  }
  return std::to_string(bytes) + " bytes";
}

std::string ShowDuration(uint64_t milliseconds) {
  const uint64_t seconds = milliseconds / 1000;
  const auto pair = [](uint64_t big, const char* big_unit, uint64_t small, const char* small_unit) {
    return std::to_string(big) + " " + big_unit + " " + std::to_string(small) + " " + small_unit;
  };
  if (seconds >= 86400) return pair(seconds / 86400, "d", seconds / 3600 % 24, "h");
  if (seconds >= 3600) return pair(seconds / 3600, "h", seconds / 60 % 60, "min");
  if (seconds >= 60) return pair(seconds / 60, "min", seconds % 60, "s");
  return std::to_string(seconds) + " s";
}

bool IsUtf8(std::string_view text) {
  try {
    nlohmann::json(text).dump();
    return true;
  } catch (const nlohmann::json::type_error&) {
    return false;
  }
}

std::string Hex(std::string_view bytes) {
  std::string hex;
  for (const unsigned char c : bytes) hex += {kDigits[c >> 4], kDigits[c & 15]};
  return hex;
}

std::string WithoutControls(std::string_view text) {
  const bool utf8 = IsUtf8(text);
  std::string shown;
  unsigned char last = 0;
  for (const unsigned char c : text) {
    // In UTF-8, c2 80 to c2 9f are control characters, too.
    const bool second_half = utf8 && last == 0xc2 && c < 0xa0;
    if (second_half) shown.replace(shown.size() - 1, 1, "\\xc2");
    if (second_half || c < 0x20 || c == 0x7f || (c >= 0x80 && !utf8)) {
      shown += {'\\', 'x', kDigits[c >> 4], kDigits[c & 15]};
    } else {
      shown.push_back(static_cast<char>(c));
    }
    last = c;
  }
  return shown;
}

std::string Quoted(std::string_view key) {
  const std::string quoted = "\"" + WithoutControls(key.substr(0, QuotedBytes(key))) + "\"";
  return key.size() <= kQuotedBytesMax ? quoted : quoted + "... (" + std::to_string(key.size()) + " bytes)";
}

bool HasPortZero(std::string_view address) {
  const size_t colon = address.rfind(':');
  if (colon == std::string_view::npos) return false;
  return ParseNumber<uint16_t>(address.substr(colon + 1)) == uint16_t{0};
}

}  // namespace remote_dram::cli
