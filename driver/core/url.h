// Url: remote-dram://ADDRESS/PATH, the address of a store of another process and a path in that store.
//
// ADDRESS is HOST:PORT or unix:PATH. Bytes with a special meaning in URLs are written as %XX, in the address also '/':
// remote-dram://unix:%2Frun%2Fmine.sock/volume/. Everything after the first '/' is the path, which may have any bytes.
// Memory and threads: pure functions on what the caller passes.
// Failure: INVALID_ARGUMENT with the URL and what is wrong with it. The address itself is checked only when it is opened.
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
