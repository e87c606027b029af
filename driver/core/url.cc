// Url: parsing and formatting.
#include "driver/core/url.h"

#include <optional>
#include <utility>

namespace remote_dram::driver {
namespace {

// The bytes that need no escaping. RFC 3986 also allows '@', but in TensorStore's URLs it introduces a version.
constexpr std::string_view kPlain =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~!$&'()*+,;=:";
constexpr std::string_view kHexDigits = "0123456789ABCDEF";

std::string Escape(std::string_view bytes, bool keep_slashes) {
  std::string escaped;
  for (const char c : bytes) {
    if ((c != '\0' && kPlain.find(c) != kPlain.npos) || (c == '/' && keep_slashes)) {
      escaped += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      escaped += {'%', kHexDigits[byte >> 4], kHexDigits[byte & 15]};
    }
  }
  return escaped;
}

int Digit(char c) {
  if (c >= 'a' && c <= 'f') c = static_cast<char>(c - 'a' + 'A');
  const size_t digit = kHexDigits.find(c);
  return digit == kHexDigits.npos ? -1 : static_cast<int>(digit);
}

// Returns nothing if a '%' is not followed by two hexadecimal digits.
std::optional<std::string> Unescape(std::string_view text) {
  std::string bytes;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      bytes += text[i];
      continue;
    }
    if (i + 2 >= text.size()) return std::nullopt;
    const int high = Digit(text[i + 1]), low = Digit(text[i + 2]);
    if (high < 0 || low < 0) return std::nullopt;
    bytes += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return bytes;
}

Status Invalid(std::string_view url, std::string_view why) {
  return Status(StatusCode::kInvalidArgument, "URL \"" + std::string(url) + "\": " + std::string(why) +
                                                  "; expected remote-dram://HOST:PORT/PATH");
}

}  // namespace

Result<Place> ParseUrl(std::string_view url) {
  const std::string start = std::string(url_scheme) + "://";
  if (url.substr(0, start.size()) != start) return Invalid(url, "it begins otherwise");
  const std::string_view rest = url.substr(start.size());
  if (rest.find('?') != rest.npos) return Invalid(url, "it has a query ('?')");
  if (rest.find('#') != rest.npos) return Invalid(url, "it has a fragment ('#')");
  const size_t slash = rest.find('/');
  std::optional<std::string> address = Unescape(rest.substr(0, slash));
  std::optional<std::string> path =
      slash == rest.npos ? std::string() : Unescape(rest.substr(slash + 1));
  if (!address || !path) return Invalid(url, "a '%' is not followed by two hexadecimal digits");
  if (address->empty()) return Invalid(url, "the address is empty");
  return Place{std::move(*address), std::move(*path)};
}

std::string FormatUrl(std::string_view address, std::string_view path) {
  return std::string(url_scheme) + "://" + Escape(address, false) + "/" + Escape(path, true);
}

}  // namespace remote_dram::driver
