// Command: one subcommand of `remote-dram`: its parser, and the function that runs it once its flags are parsed.
//
// Memory: a Command owns the flags that its parser fills; the CLI::App given to Add... must outlive it.
// Threads: everything runs on the main thread.
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

// The values of the environment variables that the program uses, read by main; empty: not set.
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

// Adds all commands, in the order in which the help lists them.
std::vector<Command> AddCommands(CLI::App& program, const Environment& environment);

// Write "remote-dram: CODE: message" to standard error and return the exit code, which follows from the status's code
// unless the caller gives another one.
ExitCode Fail(const Status& status);
ExitCode Fail(ExitCode exit_code, const Status& status);

}  // namespace remote_dram::cli

#endif  // REMOTE_DRAM_CLI_COMMAND_H_
