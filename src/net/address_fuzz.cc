// Addresses: an accepted address is either TCP or Unix, and survives being printed and parsed again.
#include "net/address.h"

#include "base/check.h"
#include "base/fuzzing.h"

namespace remote_dram::fuzz {

void Run(std::string_view input) {
  const Result<net::Address> address = net::ParseAddress(input);
  if (!address.ok()) {
    RD_CHECK(address.status().code() == StatusCode::kInvalidArgument);
    return;
  }
  RD_CHECK(address->is_unix() !=
           (address->host.find(':') == std::string::npos && !address->host.empty()));
  const Result<net::Address> again = net::ParseAddress(address->ToString());
  RD_CHECK(again.ok() && again->host == address->host && again->port == address->port &&
           again->path == address->path);
}

std::vector<std::string> Seeds() {
  return {"127.0.0.1:0",
          "host.example:65535",
          "unix:/run/x.sock",
          "[::1]:80",
          "unix:",
          ":1",
          "host",
          "h:65536",
          "h:-1"};
}

}  // namespace remote_dram::fuzz
