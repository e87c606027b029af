// UCX's configuration, and undoing its side effects on the process.
#include "net/ucx/settings.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <netinet/in.h>
#include <ucs/debug/debug.h>
#include <ucs/debug/log_def.h>

#include <csignal>
#include <cstdarg>
#include <cstdio>
#include <mutex>

#include "net/ucx/after_fork.h"

namespace remote_dram::net::ucx {
namespace {

// ucp_config_modify expects the keys of transports without their prefix up to UCX 1.16, and with it from 1.17 on.
bool KeysHavePrefixes() {
  unsigned major, minor, release;
  ucp_get_version(&major, &minor, &release);
  return major > 1 || minor >= 17;
}

ucs_log_func_rc_t LogToStandardError(const char*, unsigned, const char*, ucs_log_level_t level,
                                     const ucs_log_component_config_t*, const char* format, va_list arguments) {
  if (level > UCS_LOG_LEVEL_WARN) return UCS_LOG_FUNC_RC_CONTINUE;
  std::fputs("ucx: ", stderr);
  std::vfprintf(stderr, format, arguments);
  std::fputc('\n', stderr);
  return UCS_LOG_FUNC_RC_STOP;
}

Result<Context> StartUcx(Kind kind, const std::string& device) {
  ucp_config_t* config = nullptr;
  if (const ucs_status_t status = ucp_config_read(nullptr, nullptr, &config); status != UCS_OK) {
    return Failed("reading UCX's configuration", status);
  }
  for (const Setting& setting : SettingsOf(kind, device)) {
    const ucs_status_t status = ucp_config_modify(config, setting.key.c_str(), setting.value.c_str());
    if (status != UCS_OK) {
      ucp_config_release(config);
      return Failed("setting UCX's " + setting.key, status);
    }
  }
  ucp_params_t params{};
  params.field_mask = UCP_PARAM_FIELD_FEATURES | UCP_PARAM_FIELD_NAME;
  params.features = UCP_FEATURE_AM | UCP_FEATURE_WAKEUP;
  params.name = "remote_dram";
  ucp_context_h context = nullptr;
  const ucs_status_t status = ucp_init(&params, config, &context);
  ucp_config_release(config);
  if (status != UCS_OK) {
    return Failed(kind == Kind::kShm ? "starting UCX for shared memory" : "starting UCX for TCP on " + device, status);
  }
  return Context(context);
}

// Takes and releases the locks that the real start will take.
void StartAndEndAWorker() {
  const Result<Context> context = StartUcx(Kind::kShm, "");
  if (!context.ok()) return;  // the real start will report why
  ucp_worker_params_t params{};
  ucp_worker_h worker = nullptr;
  if (ucp_worker_create(context->get(), &params, &worker) == UCS_OK) ucp_worker_destroy(worker);
}

}  // namespace

std::vector<Setting> SettingsOf(Kind kind, const std::string& device) {
  const bool prefixed = KeysHavePrefixes();
  if (kind == Kind::kShm) {
    // posix: its segments have mode 0600 (sysv: 0660). MM_ERROR_HANDLING and ..MEMORY_INVALIDATE allow error mode PEER for
    // shared memory and CMA, which UCX considers unable to report errors; here the lifeline reports them. A UCX sender uses
    // its own sizes for the receiver's queue, unchecked, so both ends must have the same, whatever their environment
    // variables say. With elements of 512 bytes a small request or reply fits into its element: 64 B take 4 to 9 % less.
    return {{"TLS", "posix,cma"},
            {"MM_ERROR_HANDLING", "y"},
            {prefixed ? "CMA_MEMORY_INVALIDATE" : "MEMORY_INVALIDATE", "y"},
            {"MM_FIFO_ELEM_SIZE", "512"},
            {"MM_FIFO_SIZE", "64"},
            {"MM_SEG_SIZE", "8256"}};
  }
  // Larger segments: a 64 KiB message travels in one piece, in 19 instead of 35 us. CONN_NB: connecting to a peer whose port
  // is filtered must not stall other peers. CM_REUSEADDR: a server can restart while clients still have connections.
  return {{"TLS", "tcp"},
          {"NET_DEVICES", device},
          {"SOCKADDR_TLS_PRIORITY", "tcp"},
          {prefixed ? "TCP_TX_SEG_SIZE" : "TX_SEG_SIZE", "64k"},
          {prefixed ? "TCP_RX_SEG_SIZE" : "RX_SEG_SIZE", "256k"},
          {prefixed ? "TCP_CONN_NB" : "CONN_NB", "y"},
          {prefixed ? "TCP_CM_REUSEADDR" : "CM_REUSEADDR", "y"}};
}

Status Failed(const std::string& what, ucs_status_t status) {
  const StatusCode code = status == UCS_ERR_NO_MEMORY      ? StatusCode::kResourceExhausted
                          : status == UCS_ERR_TIMED_OUT    ? StatusCode::kDeadlineExceeded
                          : status == UCS_ERR_INVALID_PARAM ? StatusCode::kInternal
                                                            : StatusCode::kUnavailable;
  return Status(code, what + ": " + ucs_status_string(status));
}

void TameLibrary() {
  static std::once_flag once;  // a global, because the library's state is global, too
  std::call_once(once, [] {
    ucs_log_push_handler(LogToStandardError);
    for (const int signal : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGHUP}) ucs_debug_disable_signal(signal);
  });
}

Result<Context> MakeContext(Kind kind, const std::string& device) {
  TameLibrary();
  if (Status fit = CheckAfterFork(kind, StartAndEndAWorker); !fit.ok()) return fit;
  return StartUcx(kind, device);
}

Result<std::string> DeviceOf(const std::string& host) {
  in_addr wanted{};
  if (inet_pton(AF_INET, host.c_str(), &wanted) != 1) {
    return Status(StatusCode::kInvalidArgument, "\"" + host + "\" is not an IPv4 address");
  }
  if (wanted.s_addr == htonl(INADDR_ANY)) return std::string("all");
  ifaddrs* all = nullptr;
  if (getifaddrs(&all) != 0) return Status(StatusCode::kInternal, "the network devices cannot be listed");
  // All of 127.0.0.0/8 belongs to the loopback device, but only 127.0.0.1 is listed for it.
  const bool loopback = (ntohl(wanted.s_addr) >> 24) == 127;
  std::string device;
  for (const ifaddrs* each = all; each && device.empty(); each = each->ifa_next) {
    if (!each->ifa_addr || each->ifa_addr->sa_family != AF_INET) continue;
    const in_addr has = reinterpret_cast<const sockaddr_in*>(each->ifa_addr)->sin_addr;
    if (has.s_addr == wanted.s_addr || (loopback && (ntohl(has.s_addr) >> 24) == 127)) device = each->ifa_name;
  }
  freeifaddrs(all);
  if (device.empty()) {
    return Status(StatusCode::kInvalidArgument, "no network device of this machine has the address " + host);
  }
  return device;
}

}  // namespace remote_dram::net::ucx
