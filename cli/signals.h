// StopSignals: lets a program end in an orderly way when it gets SIGTERM or SIGINT.
//
// Threads: make one before any other thread exists, so that all threads inherit the signal mask; wait on the main thread.
// Failure: none. A signal that was ignored when the program started (`&` in a script) stays ignored.
#ifndef REMOTE_DRAM_CLI_SIGNALS_H_
#define REMOTE_DRAM_CLI_SIGNALS_H_

#include <signal.h>

namespace remote_dram::cli {

class StopSignals {
 public:
  StopSignals();

  // Returns when one of the signals arrives, or has arrived before the call. The next signal ends the program at once.
  void Wait();

 private:
  sigset_t signals_;
};

}  // namespace remote_dram::cli

#endif  // REMOTE_DRAM_CLI_SIGNALS_H_
