// The list of commands; how a failure is reported, and its exit code.
#include "cli/command.h"

#include <cstdio>

#include "cli/text.h"

namespace remote_dram::cli {
namespace {

ExitCode ExitCodeOf(StatusCode code) {
  switch (code) {
    case StatusCode::kOk: return ExitCode::kSuccess;
    case StatusCode::kNotFound: return ExitCode::kNo;
    case StatusCode::kInvalidArgument: return ExitCode::kUsage;
    case StatusCode::kUnavailable:
    case StatusCode::kDeadlineExceeded: return ExitCode::kUnavailable;
    case StatusCode::kResourceExhausted: return ExitCode::kRefused;
    default: return ExitCode::kFailed;
  }
}

}  // namespace

std::vector<Command> AddCommands(CLI::App& program, const Environment& environment) {
  return {
      AddServe(program, environment),
#ifdef REMOTE_DRAM_WITH_GATEWAY
      AddGateway(program, environment),
#endif
      AddPut(program, environment),
      AddGet(program, environment),
      AddLs(program, environment),
      AddRm(program, environment),
      AddCp(program, environment),
      AddStat(program, environment),
      AddWait(program, environment),
      AddTransact(program, environment),
  };
}

ExitCode Fail(const Status& status) { return Fail(ExitCodeOf(status.code()), status); }

ExitCode Fail(ExitCode exit_code, const Status& status) {
  std::fprintf(stderr, "remote-dram: %s\n", WithoutControls(status.ToString()).c_str());
  return exit_code;
}

}  // namespace remote_dram::cli
