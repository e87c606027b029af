// RunLoad: clients that call every verb on few keys, at random, and record what they did and were told.
//
// Each client is a thread with a handle of its own, which is opened again when its server was restarted;
// every fourth goes on by itself (OnRestart::kAccept).
// Memory: nothing outlives the call but the files. Threads: its own; one call of RunLoad at a time.
// Failure: no server for connect_patience, or no file: an error. An answer that no server may give, whatever
// else happened, is told in LoadReport::complaints. A call that does not end within hang_max after its
// deadline ends the program.
#ifndef REMOTE_DRAM_TEST_HISTORY_LOAD_H_
#define REMOTE_DRAM_TEST_HISTORY_LOAD_H_

#include <chrono>
#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "history/value.h"
#include "remote_dram/client.h"

namespace remote_dram::history {

inline constexpr std::chrono::seconds connect_patience{60};
inline constexpr std::chrono::seconds hang_max{15};
inline constexpr uint32_t writers_max = 1 << 20;

struct LoadOptions {
  std::string server;
  Path path = Path::kAuto;
  std::string directory;  // for a file of each client
  // The number of the first client, the others follow: it names its file and its values, and seeds its choices.
  uint32_t writer = 0;
  uint32_t clients = 4;
  uint32_t keys = 64;
  uint64_t value_bytes_max = 256 << 10;
  std::chrono::milliseconds timeout{10'000};  // of most calls; some have less
  // It ends when both are reached.
  uint64_t operations = 100'000;
  std::chrono::milliseconds time{0};
};

struct LoadReport {
  uint64_t operations = 0;
  uint64_t opened_again = 0;
  std::vector<std::string> complaints;
  uint64_t in_place = 0;  // reads, on path kMapped, see in_place.h
  std::set<uint64_t> incarnations_in_place{};  // that were read so
};

// Of a client's records, in options.directory.
std::string FileOf(const LoadOptions& options, uint32_t writer);

Result<LoadReport> RunLoad(const LoadOptions& options);

}  // namespace remote_dram::history

#endif  // REMOTE_DRAM_TEST_HISTORY_LOAD_H_
