// The exit codes of `remote-dram`: what a script may rely on. The help tells them (cli/flags.cc).
//
// Failure: whatever is not kSuccess comes with one line on standard error, "remote-dram: CODE: message",
// where CODE is a canonical name (remote_dram/status.h). A reader of the output who leaves early, as `head`
// does, is no failure.
#ifndef REMOTE_DRAM_CLI_EXIT_CODE_H_
#define REMOTE_DRAM_CLI_EXIT_CODE_H_

namespace remote_dram::cli {

enum class ExitCode : int {
  kSuccess = 0,
  kNo = 1,           // the server's answer is no: the key does not exist, or the condition does not hold
  kUsage = 2,        // invalid usage; nothing was changed
  kUnavailable = 3,  // no server, or no answer in time
  kRefused = 4,      // refused by a limit of the server, which the message names
  kFailed = 5,       // anything else
};

}  // namespace remote_dram::cli

#endif  // REMOTE_DRAM_CLI_EXIT_CODE_H_
