// ListenAddress: every accepted text is an address of this host, and its target has only printable characters, no spaces.
#include "gateway/listen_address.h"

#include "base/check.h"
#include "base/fuzzing.h"

namespace remote_dram::fuzz {

void Run(std::string_view input) {
  const Result<gateway::ListenAddress> address = gateway::ParseListenAddress(input);
  if (!address.ok()) {
    RD_CHECK(address.status().code() == StatusCode::kInvalidArgument);
    return;
  }
  const std::string target = gateway::TargetOf(*address);
  for (const char c : target) RD_CHECK(c > ' ' && c < 0x7f);
  if (address->path.empty()) {
    RD_CHECK(address->ipv4 >> 24 == 127 && target.substr(0, 4) == "127.");
  } else {
    RD_CHECK(address->path[0] == '/' && address->path.size() <= base::socket_path_bytes_max);
    RD_CHECK(target.substr(0, 6) == "unix:/");
  }
}

std::vector<std::string> Seeds() {
  return {"127.0.0.1:0",
          "127.9.9.9:65535",
          "unix:/run/x y.sock",
          "unix:relative",
          "0.0.0.0:1",
          "[::1]:80",
          "unix:",
          "::1",
          "localhost:1"};
}

}  // namespace remote_dram::fuzz
