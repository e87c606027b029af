// ReadTorn: rewrites one large value all the time, while readers look for reads that mix the bytes of two versions.
//
// Memory: nothing outlives the call. Threads: its own. Failure: the first error; DATA_LOSS if bytes do not belong to the
// version that the answer names, if a reader sees an older version after a newer one, or if a held view changes.
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
  uint64_t reads = 10'000;  // one in eight reads the whole value, the others ranges; one in three is a view
  std::chrono::milliseconds pause{5};  // from one version to the next
};

struct TornReport {
  uint64_t reads = 0;
  uint64_t bytes = 0;
  uint64_t versions = 0;  // different versions that were read
  uint64_t in_place = 0;  // views of the server's memory, see in_place.h
};

Result<TornReport> ReadTorn(const TornOptions& options);

}  // namespace remote_dram::history

#endif  // REMOTE_DRAM_TEST_HISTORY_TORN_H_
