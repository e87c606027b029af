// The time stamp of a response: the time at which the client may consider the answer to be current.
//
// A client caches what it read as fresh as of the stamp. If its request has a staleness bound, that is, the earliest
// acceptable time by the client's own clock, the stamp is that bound: whatever is read now is at least that fresh, and
// the clocks of client and gateway are never compared. Without a finite bound the stamp is the time of this host.
//
// Memory and threads: pure functions.
// Failure: INVALID_ARGUMENT for a bound outside the limits.
// Limits: years 1 to 9999, or the two infinities.
#ifndef REMOTE_DRAM_GATEWAY_STAMP_H_
#define REMOTE_DRAM_GATEWAY_STAMP_H_

#include <chrono>

#include "gateway/kvstore.pb.h"
#include "remote_dram/status.h"

namespace remote_dram::gateway {

using Stamp = tensorstore_grpc::kvstore::Timestamp;
using Time = std::chrono::system_clock::time_point;

// The stamp `now`, for requests without a staleness bound. `now` must be taken before the store is asked.
Stamp StampOf(Time now);

// The stamp for a request. `bound`: its staleness_bound; null if it has none.
Result<Stamp> StampFor(const Stamp* bound, Time now);

}  // namespace remote_dram::gateway

#endif  // REMOTE_DRAM_GATEWAY_STAMP_H_
