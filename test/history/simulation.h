// Simulate: a load in a World. Server, clients and load are the real code; the network, the clock and the faults
// come from a seed, and with them everything that happens.
//
// The faults: connections that break, at any step of any call; a server or a client that stands still for a
// while; a server that dies and is started again. Messages that were under way when their connection ended
// arrive late or never.
// Memory: nothing outlives the call but, if something is wrong, the files. Threads: those of the load's clients, one
// at a time. Failure: a call that never ends ends the program.
#ifndef REMOTE_DRAM_TEST_HISTORY_SIMULATION_H_
#define REMOTE_DRAM_TEST_HISTORY_SIMULATION_H_

#include <cstdint>
#include <string>
#include <vector>

#include "history/load.h"

namespace remote_dram::history {

// The name of a folder for this process alone; in memory, where the system has such: on a disk the records take
// five times as long as the loads.
std::string MemoryDirectory();

struct SimulationOptions {
  std::string directory = MemoryDirectory();  // for the records, in a folder of the seed's
  uint32_t clients = 4;
  uint32_t keys = 16;
  uint64_t operations = 200;
};

struct Simulated {
  std::vector<std::string> wrong;  // a line for each; if there is none, the records are removed
  uint64_t answered = 0;           // operations
  uint64_t unknown = 0;            // operations whose outcome nobody knows
  uint64_t incarnations = 0;       // of the server, that answered

  // Counts what another one saw.
  void Add(const Simulated& other) {
    answered += other.answered;
    unknown += other.unknown;
    incarnations += other.incarnations;
  }
};

// Runs a load and judges its history.
Simulated Simulate(uint64_t seed, const SimulationOptions& options);

}  // namespace remote_dram::history

#endif  // REMOTE_DRAM_TEST_HISTORY_SIMULATION_H_
