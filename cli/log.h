// The log of the long-running commands, on standard error.
//
// Memory: the function owns what it writes to. Threads: any.
#ifndef REMOTE_DRAM_CLI_LOG_H_
#define REMOTE_DRAM_CLI_LOG_H_

#include "remote_dram/log.h"

namespace remote_dram::cli {

// `verbose`: also logs debug messages.
LogFunction LogToStandardError(bool verbose);

}  // namespace remote_dram::cli

#endif  // REMOTE_DRAM_CLI_LOG_H_
