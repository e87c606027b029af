// Convert: what the two libraries call the same things.
//
// Memory: AsCord's result shares the bytes of the Value and lets them go
// with the last Cord that refers to them. Nothing is copied in either direction.
// Threads: plain values and pure functions.
// Failure: none. A generation in another form than ours becomes Foreign, which as a condition never holds.
#ifndef REMOTE_DRAM_DRIVER_CONVERT_H_
#define REMOTE_DRAM_DRIVER_CONVERT_H_

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/cord.h"
#include "absl/time/time.h"
#include "remote_dram/key_value_store.h"
#include "tensorstore/kvstore/byte_range.h"
#include "tensorstore/kvstore/generation.h"
#include "tensorstore/kvstore/key_range.h"
#include "tensorstore/kvstore/read_result.h"

namespace remote_dram::driver {

absl::Status ToAbsl(const Status& status);

inline Generation FromTensorStore(const tensorstore::StorageGeneration& generation) {
  return Generation::FromBytes(generation.value);
}
inline tensorstore::StorageGeneration ToTensorStore(const Generation& generation) {
  tensorstore::StorageGeneration converted;
  converted.value = generation.ToBytes();
  return converted;
}
inline ByteRange FromTensorStore(const tensorstore::OptionalByteRangeRequest& range) {
  return ByteRange{range.inclusive_min, range.exclusive_max};
}
inline KeyRange FromTensorStore(tensorstore::KeyRange range) {
  return KeyRange{std::move(range.inclusive_min), std::move(range.exclusive_max)};
}

// `time`: when the request was sent, by the clock of this process.
tensorstore::kvstore::ReadResult ToTensorStore(GetResult result, absl::Time time);

absl::Cord AsCord(Value value);

// The pieces of a Cord as they lie. They are valid while the Cord is neither changed nor moved.
Pieces PiecesOf(const absl::Cord& cord);

}  // namespace remote_dram::driver

#endif  // REMOTE_DRAM_DRIVER_CONVERT_H_
