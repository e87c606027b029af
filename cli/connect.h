// The flags of every command that talks to a server, and connecting as they say.
//
// Memory: the flags must outlive the parser that fills them.
// Failure: the status of Connect names the address and the reason.
#ifndef REMOTE_DRAM_CLI_CONNECT_H_
#define REMOTE_DRAM_CLI_CONNECT_H_

#include <chrono>
#include <optional>
#include <string>

#include "cli/command.h"
#include "remote_dram/client.h"
#include "remote_dram/log.h"

namespace remote_dram::cli {

struct ServerFlags {
  std::string address;
  std::string credentials_file;
  Path path = Path::kAuto;
  std::optional<std::chrono::milliseconds> timeout;
};

// Adds --server, --credentials, --path and --timeout. The default of --server is REMOTE_DRAM_SERVER, or else this user's
// default socket. The default of --credentials is REMOTE_DRAM_CREDENTIALS, or else none.
void AddServerFlags(CLI::App& app, const Environment& environment, ServerFlags* flags);

Result<Client> Connect(const ServerFlags& flags, const LogFunction& log = nullptr,
                       OnRestart on_restart = OnRestart::kFail);

}  // namespace remote_dram::cli

#endif  // REMOTE_DRAM_CLI_CONNECT_H_
