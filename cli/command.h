// Command: one verb of `remote-dram`: its flags, and what runs it once they are parsed.
//
// Memory: a Command keeps the flags that its parser fills; the CLI::App given to Add... must outlive it.
// Threads: all of this runs on the main thread.
// Failure: a command reports its own failure on standard error and returns the exit code.
#ifndef REMOTE_DRAM_CLI_COMMAND_H_
#define REMOTE_DRAM_CLI_COMMAND_H_

#include <CLI/CLI.hpp>
#include <functional>
#include <string>
#include <vector>

#include "cli/exit_code.h"
#include "remote_dram/status.h"

namespace remote_dram::cli {

// The environment variables that matter, as main read them.
struct Environment {
  std::string server;           // REMOTE_DRAM_SERVER
  std::string credentials;      // REMOTE_DRAM_CREDENTIALS
  std::string xdg_runtime_dir;  // XDG_RUNTIME_DIR
};

struct Command {
  CLI::App* app;
  std::function<ExitCode()> run;
};

Command AddServe(CLI::App& program, const Environment& environment);
Command AddGateway(CLI::App& program, const Environment& environment);
Command AddPut(CLI::App& program, const Environment& environment);
Command AddGet(CLI::App& program, const Environment& environment);
Command AddLs(CLI::App& program, const Environment& environment);
Command AddRm(CLI::App& program, const Environment& environment);
Command AddCp(CLI::App& program, const Environment& environment);
Command AddStat(CLI::App& program, const Environment& environment);
Command AddWait(CLI::App& program, const Environment& environment);
Command AddTransact(CLI::App& program, const Environment& environment);

// All of them, in the order in which the help lists them.
std::vector<Command> AddCommands(CLI::App& program, const Environment& environment);

// Writes "remote-dram: CODE: message" to standard error. The exit code follows from the status's, unless
// the caller knows better.
ExitCode Fail(const Status& status);
ExitCode Fail(ExitCode exit_code, const Status& status);

}  // namespace remote_dram::cli

#endif  // REMOTE_DRAM_CLI_COMMAND_H_
