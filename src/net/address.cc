// Parsing and resolving addresses.
#include "net/address.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <sys/un.h>

#include <charconv>

#include "base/bytes.h"
#include "base/unix_socket.h"

namespace remote_dram::net {
namespace {

constexpr std::string_view kUnixPrefix = "unix:";
static_assert(base::socket_path_bytes_max == sizeof(sockaddr_un{}.sun_path) - 1);

Status Invalid(std::string_view text, std::string_view why) {
  return Status(StatusCode::kInvalidArgument,
                "address " + base::Quoted(text) + ": " + std::string(why) + "; expected HOST:PORT or unix:PATH");
}

}  // namespace

std::string Address::ToString() const {
  return is_unix() ? std::string(kUnixPrefix) + path : host + ":" + std::to_string(port);
}

Result<Address> ParseAddress(std::string_view text) {
  Address address;
  if (text.substr(0, kUnixPrefix.size()) == kUnixPrefix) {
    address.path = text.substr(kUnixPrefix.size());
    if (address.path.empty()) return Invalid(text, "the path is empty");
    if (address.path.find('\0') != std::string::npos) return Invalid(text, "the path holds a zero byte");
    if (!address.is_file()) return Invalid(text, "the path begins with '@', as no file's does; write ./@ for one that does");
    if (address.path.size() > base::socket_path_bytes_max) {
      return Invalid(text, "the path is longer than " + std::to_string(base::socket_path_bytes_max) + " bytes");
    }
    return address;
  }
  if (text.find("://") != std::string_view::npos) return Invalid(text, "this is a URL");
  const size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return Invalid(text, "there is no port");
  const std::string_view host = text.substr(0, colon), port = text.substr(colon + 1);
  if (host.find(':') != std::string_view::npos) return Invalid(text, "IPv6 is not supported");
  if (host.empty()) return Invalid(text, "the host is empty");
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), address.port);
  if (port.empty() || error != std::errc() || end != port.data() + port.size()) {
    return Invalid(text, "the port is not a number from 0 to 65535");
  }
  address.host = host;
  return address;
}

Result<Address> Resolve(const Address& address) {
  if (address.is_unix()) return address;
  addrinfo wanted{}, *found = nullptr;
  wanted.ai_family = AF_INET;
  wanted.ai_socktype = SOCK_STREAM;
  const int error = getaddrinfo(address.host.c_str(), nullptr, &wanted, &found);
  if (error != 0) {
    return Status(StatusCode::kUnavailable, "no IPv4 address for host " + base::Quoted(address.host) + " (" +
                                                gai_strerror(error) + ")");
  }
  char text[INET_ADDRSTRLEN];
  inet_ntop(AF_INET, &reinterpret_cast<sockaddr_in*>(found->ai_addr)->sin_addr, text, sizeof text);
  freeaddrinfo(found);
  Address resolved = address;
  resolved.host = text;
  return resolved;
}

}  // namespace remote_dram::net
