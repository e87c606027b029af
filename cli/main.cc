// remote-dram: lends the memory of one machine to others, and reads and writes it from the shell.
#include <csignal>
#include <cstdlib>
#include <exception>
#include <new>
#include <vector>

#include "cli/command.h"
#include "cli/flags.h"

namespace {

using namespace remote_dram;
using namespace remote_dram::cli;

std::string Variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

ExitCode Main(int argc, char** argv) {
  const Environment environment{Variable("REMOTE_DRAM_SERVER"), Variable("REMOTE_DRAM_CREDENTIALS"),
                                Variable("XDG_RUNTIME_DIR")};
  CLI::App program("Memory of other machines as a key-value store.", "remote-dram");
  program.set_version_flag("--version", "remote-dram " REMOTE_DRAM_VERSION);
  program.require_subcommand(0, 1);  // a missing one is reported below, because for an unknown one CLI11 has a better message
  program.footer(Manual("Each command has a help of its own, with examples: remote-dram COMMAND --help\n"));
  const std::vector<Command> commands = AddCommands(program, environment);

  try {
    program.parse(argc, argv);
  } catch (const CLI::Success& wants_text) {  // --help, --version
    return static_cast<ExitCode>(program.exit(wants_text));
  } catch (const CLI::ParseError& error) {
    return Fail(Status(StatusCode::kInvalidArgument, std::string(error.what()) + " (see --help)"));
  }
  for (const Command& command : commands) {
    if (command.app->parsed()) return command.run();
  }
  return Fail(Status(StatusCode::kInvalidArgument, "there is no command (see --help)"));
}

}  // namespace

int main(int argc, char** argv) {
  // If the reader of a pipe has closed it, write() shall fail with EPIPE instead of ending the program.
  std::signal(SIGPIPE, SIG_IGN);
  try {
    return static_cast<int>(Main(argc, argv));
  } catch (const std::bad_alloc&) {
    return static_cast<int>(
        Fail(ExitCode::kFailed,
             Status(StatusCode::kResourceExhausted, "this machine has not enough memory for the value")));
  } catch (const std::exception& error) {  // for example if the system refuses to start a thread
    return static_cast<int>(Fail(Status(StatusCode::kInternal, error.what())));
  }
}
