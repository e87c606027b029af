// How UCX is set up here: the one place with its configuration keys, and what it does to a process.
//
// Memory: a Context owns the ucp_context. Threads: any; one worker per context.
// Failure: Status with UCX's text. UCX itself accepts and echoes names that do not exist: settings_test.cc asks its
// transports, and fabric_test.cc looks at effects.
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

// What of UCX's own choices is changed for contexts of the kind.
std::vector<Setting> SettingsOf(Kind kind, const std::string& device);

// `device` is the network device that TCP is confined to; "all" for every one.
Result<Context> MakeContext(Kind kind, const std::string& device);

// The name of the device that has the IPv4 address; "all" for 0.0.0.0.
Result<std::string> DeviceOf(const std::string& host);

// Loading UCX installs handlers for SIGSEGV and its kin, which freeze a crashed process, takes SIGHUP, and
// logs to standard output. This gives the signals back and sends UCX's warnings to standard error.
void TameLibrary();

Status Failed(const std::string& what, ucs_status_t status);

}  // namespace remote_dram::net::ucx

#endif  // REMOTE_DRAM_NET_UCX_SETTINGS_H_
