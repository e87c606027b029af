// Url: remote-dram://ADDRESS/PATH, a store of another process and a path in it, as one text.
//
// ADDRESS is HOST:PORT or unix:PATH. Bytes that have a meaning in URLs are written as %XX, in the address also
// '/': remote-dram://unix:%2Frun%2Fmine.sock/volume/. What follows the '/' is the path, whose bytes are any.
// Memory and threads: pure functions on what the caller passes.
// Failure: INVALID_ARGUMENT with the URL and what is wrong with it. Whether the address can be one is seen by who
// opens it.
#ifndef REMOTE_DRAM_DRIVER_CORE_URL_H_
#define REMOTE_DRAM_DRIVER_CORE_URL_H_

#include <string>
#include <string_view>

#include "remote_dram/status.h"

namespace remote_dram::driver {

inline constexpr std::string_view url_scheme = "remote-dram";

struct Place {
  std::string address;
  std::string path;
};

Result<Place> ParseUrl(std::string_view url);
std::string FormatUrl(std::string_view address, std::string_view path);

}  // namespace remote_dram::driver

#endif  // REMOTE_DRAM_DRIVER_CORE_URL_H_
