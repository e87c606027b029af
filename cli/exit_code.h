// The exit codes of `remote-dram`, on which scripts may rely. The help lists them (cli/flags.cc).
//
// Failure: every code except kSuccess comes with one line on standard error, "remote-dram: CODE: message", where CODE is
// a canonical name (remote_dram/status.h). It is not a failure if the reader of the output closes the pipe early, as
// `head` does.
#ifndef REMOTE_DRAM_CLI_EXIT_CODE_H_
#define REMOTE_DRAM_CLI_EXIT_CODE_H_

namespace remote_dram::cli {

enum class ExitCode : int {
  kSuccess = 0,
  kNo = 1,           // the server's answer is no: the key does not exist, or the condition does not hold
  kUsage = 2,        // invalid usage; nothing was changed
  kUnavailable = 3,  // no server, or no answer in time
  kRefused = 4,      // a limit was exceeded, which the message names
  kFailed = 5,       // anything else
};

}  // namespace remote_dram::cli

#endif  // REMOTE_DRAM_CLI_EXIT_CODE_H_
