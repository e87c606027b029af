// Settings of UCX: all its configuration keys, and corrections of what loading it does to the process.
//
// Memory: a Context owns the ucp_context. Threads: any; one worker per context.
// Failure: Status with UCX's text. UCX does not report keys that do not exist. So settings_test.cc asks UCX's transports for
// each key, and fabric_test.cc checks effects.
#ifndef REMOTE_DRAM_NET_UCX_SETTINGS_H_
#define REMOTE_DRAM_NET_UCX_SETTINGS_H_

#include <ucp/api/ucp.h>

#include <memory>
#include <string>
#include <vector>

#include "remote_dram/status.h"

namespace remote_dram::net::ucx {

enum class Kind { kShm, kTcp };

struct ContextDeleter {
  void operator()(ucp_context_h context) const { ucp_cleanup(context); }
};
using Context = std::unique_ptr<std::remove_pointer_t<ucp_context_h>, ContextDeleter>;

struct Setting {
  std::string key;
  std::string value;
};

// The settings that differ from UCX's defaults, for contexts of this kind.
std::vector<Setting> SettingsOf(Kind kind, const std::string& device);

// `device` is the network device that TCP is restricted to; "all": every device.
Result<Context> MakeContext(Kind kind, const std::string& device);

// The name of the network device that has the IPv4 address `host`; "all" for 0.0.0.0.
Result<std::string> DeviceOf(const std::string& host);

// Loading UCX installs handlers for SIGSEGV and similar signals, which freeze a crashed process, and one for SIGHUP; and it
// logs to standard output. TameLibrary removes the handlers, and sends UCX's warnings to standard error.
void TameLibrary();

Status Failed(const std::string& what, ucs_status_t status);

}  // namespace remote_dram::net::ucx

#endif  // REMOTE_DRAM_NET_UCX_SETTINGS_H_
