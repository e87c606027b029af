// ReadTorn: one large value that is rewritten all the time, and readers who look for bytes of two versions.
//
// Memory: nothing outlives the call. Threads: its own. Failure: what went wrong first; bytes that are not of
// the version which the answer names are DATA_LOSS.
// Limits: the value has the last of value_sizes.
#ifndef REMOTE_DRAM_TEST_HISTORY_TORN_H_
#define REMOTE_DRAM_TEST_HISTORY_TORN_H_

#include <chrono>
#include <cstdint>
#include <string>

#include "remote_dram/client.h"

namespace remote_dram::history {

struct TornOptions {
  std::string server;
  Path path = Path::kAuto;
  uint32_t readers = 2;
  uint64_t reads = 10'000;  // one of eight of the whole, the others of ranges; one of three by a view
  std::chrono::milliseconds pause{5};  // from one version to the next
};

struct TornReport {
  uint64_t reads = 0;
  uint64_t bytes = 0;
  uint64_t versions = 0;  // that were read
  uint64_t in_place = 0;  // by a view, see in_place.h
};

Result<TornReport> ReadTorn(const TornOptions& options);

}  // namespace remote_dram::history

#endif  // REMOTE_DRAM_TEST_HISTORY_TORN_H_
