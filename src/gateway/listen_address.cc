// ListenAddress: parsing, and the gRPC target for clients.
#include "gateway/listen_address.h"

#include <arpa/inet.h>

#include <charconv>
#include <filesystem>
#include <system_error>

#include "base/bytes.h"

namespace remote_dram::gateway {
namespace {

constexpr std::string_view kUnixScheme = "unix:";
constexpr uint32_t kLoopbackNet = 127;

Status Refused(std::string_view text, std::string_view why) {
  return Status(StatusCode::kInvalidArgument,
                "gateway: cannot listen on " + base::Quoted(text) + ": " + std::string(why));
}

Result<ListenAddress> ParsePath(std::string_view text, std::string_view path) {
  if (path.empty()) return Refused(text, "the path is missing; write unix:PATH");
  if (path.find('\0') != path.npos) return Refused(text, "a path has no NUL byte");
  std::error_code error;
  ListenAddress address{.path = std::filesystem::absolute(path, error).string()};
  if (error) {
    return Refused(text,
                   "the working directory is gone (" + error.message() + "); write an absolute path");
  }
  const size_t folder_bytes = address.path.rfind('/');
  if (address.path.size() > base::socket_path_bytes_max || folder_bytes > socket_folder_bytes_max) {
    return Refused(text, "the path of a socket has at most " + std::to_string(base::socket_path_bytes_max) +
                             " bytes and its folder " + std::to_string(socket_folder_bytes_max) +
                             "; these have " + std::to_string(address.path.size()) + " and " +
                             std::to_string(folder_bytes));
  }
  return address;
}

// Characters that stand for themselves in the path of a URI (RFC 3986, pchar and '/').
bool IsPlainInUri(char c) {
  constexpr std::string_view plain = "-._~!$&'()*+,;=:@/";
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         plain.find(c) != plain.npos;
}

}  // namespace

Result<ListenAddress> ParseListenAddress(std::string_view text) {
  if (text.substr(0, kUnixScheme.size()) == kUnixScheme) {
    return ParsePath(text, text.substr(kUnixScheme.size()));
  }
  const size_t colon = text.rfind(':');
  if (colon == text.npos) return Refused(text, "write unix:PATH or 127.0.0.1:PORT");
  const std::string host(text.substr(0, colon));
  if (host.find(':') != host.npos) {
    return Refused(text, "IPv6 is not supported; write unix:PATH or 127.0.0.1:PORT");
  }

  in_addr ip;
  if (inet_pton(AF_INET, host.c_str(), &ip) != 1) {
    return Refused(text, "the host is no IPv4 address in numbers; write unix:PATH or 127.0.0.1:PORT");
  }
  ListenAddress address{.path = {}, .ipv4 = ntohl(ip.s_addr)};
  if (address.ipv4 >> 24 != kLoopbackNet) {
    return Refused(text,
                   "the gateway has no encryption and no passwords, so it serves this host only; "
                   "write unix:PATH or 127.0.0.1:PORT");
  }
  const std::string_view port = text.substr(colon + 1);
  const auto parsed = std::from_chars(port.data(), port.data() + port.size(), address.port);
  if (parsed.ec != std::errc() || parsed.ptr != port.data() + port.size()) {
    return Refused(text, "the port is no number from 0 to 65535");
  }
  return address;
}

std::string TargetOf(const ListenAddress& address) {
  if (address.path.empty()) {
    const in_addr ip{htonl(address.ipv4)};
    char host[INET_ADDRSTRLEN];
    return std::string(inet_ntop(AF_INET, &ip, host, sizeof(host))) + ":" + std::to_string(address.port);
  }
  std::string target(kUnixScheme);
  for (const char& c : address.path) {
    target += IsPlainInUri(c) ? std::string(1, c) : "%" + base::Hex({&c, 1});
  }
  return target;
}

}  // namespace remote_dram::gateway
