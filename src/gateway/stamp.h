// The time stamp of an answer, in the client's time.
//
// A client keeps what it read as fresh as of the stamp. If it said how fresh the answer must be, that
// very time (its own clock's) goes back: whatever is read now is at least that fresh, and no two clocks
// are compared.
//
// Memory and threads: pure functions.
// Failure: INVALID_ARGUMENT for a time that TensorStore could not mean.
// Limits: years 1 to 9999, or the two infinities.
#ifndef REMOTE_DRAM_GATEWAY_STAMP_H_
#define REMOTE_DRAM_GATEWAY_STAMP_H_

#include <chrono>

#include "gateway/kvstore.pb.h"
#include "remote_dram/status.h"

namespace remote_dram::gateway {

using Stamp = tensorstore_grpc::kvstore::Timestamp;
using Time = std::chrono::system_clock::time_point;

// For an answer that no client's clock is known for. `now` is taken before the store is asked.
Stamp StampOf(Time now);

// `bound`: the request's staleness_bound; null: it has none.
Result<Stamp> StampFor(const Stamp* bound, Time now);

}  // namespace remote_dram::gateway

#endif  // REMOTE_DRAM_GATEWAY_STAMP_H_
