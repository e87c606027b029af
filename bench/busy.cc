// Computes, and checks now and then whether its standard input has ended.
#include "bench/busy.h"

#include <poll.h>
#include <unistd.h>

#include <cstdint>

namespace remote_dram::bench {

void BeBusy() {
  TellParent("busy");
  for (pollfd input{STDIN_FILENO, POLLIN, 0}; poll(&input, 1, 0) == 0;) {
    for (volatile uint64_t i = 0; i < 1'000'000;) i = i + 1;
  }
}

}  // namespace remote_dram::bench
