// RunLoad: clients that call every verb on few keys, at random, and record their calls and the answers.
//
// Each client is a thread with its own handle, which it opens again when its server was restarted; every fourth client
// has a handle that goes on after a restart (OnRestart::kAccept).
// Memory: only the files outlive the call. Threads: its own; one call of RunLoad at a time.
// Failure: an error, if no server answers for connect_patience or a file cannot be made. An answer that is wrong in any
// history is reported in LoadReport::complaints. A call that does not end within hang_max after its deadline ends the
// program.
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
  std::string directory;  // for one file per client
  // The number of the first client; the others follow. A client's number names its file and its values, and seeds its
  // random choices.
  uint32_t writer = 0;
  uint32_t clients = 4;
  uint32_t keys = 64;
  uint64_t value_bytes_max = 256 << 10;
  std::chrono::milliseconds timeout{10'000};  // of most calls; some have a shorter one
  // The load ends when both are reached.
  uint64_t operations = 100'000;
  std::chrono::milliseconds time{0};
};

struct LoadReport {
  uint64_t operations = 0;
  uint64_t opened_again = 0;
  std::vector<std::string> complaints;
  uint64_t in_place = 0;  // reads in place on path kMapped, see in_place.h
  std::set<uint64_t> incarnations_in_place{};  // the incarnations of those reads
};

// The file of a client's records, in options.directory.
std::string FileOf(const LoadOptions& options, uint32_t writer);

Result<LoadReport> RunLoad(const LoadOptions& options);

}  // namespace remote_dram::history

#endif  // REMOTE_DRAM_TEST_HISTORY_LOAD_H_
