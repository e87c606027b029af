// Simulate: a load in a World. Server, clients and load are the real code; network, clock and faults are simulated, and a
// seed determines the whole run.
//
// The faults: connections that break, at any step of any call; a server or a client that stalls for a while; a server
// that dies and is started again. Messages that are under way when their connection ends arrive late or never.
// Memory: only the files outlive the call, and only if something is wrong. Threads: those of the load's clients, one at a
// time. Failure: a call that never ends ends the program.
#ifndef REMOTE_DRAM_TEST_HISTORY_SIMULATION_H_
#define REMOTE_DRAM_TEST_HISTORY_SIMULATION_H_

#include <cstdint>
#include <string>
#include <vector>

#include "history/load.h"

namespace remote_dram::history {

// The name of a folder for this process alone; in memory, if the system has /dev/shm, because writing the records to a
// disk takes five times as long as the loads.
std::string MemoryDirectory();

struct SimulationOptions {
  std::string directory = MemoryDirectory();  // for the records, in one folder per seed
  uint32_t clients = 4;
  uint32_t keys = 16;
  uint64_t operations = 200;
};

struct Simulated {
  std::vector<std::string> wrong;  // one text for each error; if there are none, the records are removed
  uint64_t answered = 0;           // operations
  uint64_t unknown = 0;            // operations of unknown outcome
  uint64_t incarnations = 0;       // incarnations of the server that answered

  // Adds the counts of another run.
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
