// Convert: converts types of remote_dram to those of TensorStore, and back.
//
// Memory: no bytes of values are copied. The Cord that AsCord returns shares the bytes of the Value and releases them with
// the last Cord that refers to them.
// Threads: plain values and pure functions.
// Failure: none. A generation that no remote_dram store made becomes Foreign, which as a condition never holds.
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

// `time`: when the request was sent, by this process's clock; it becomes the time stamp of the result.
tensorstore::kvstore::ReadResult ToTensorStore(GetResult result, absl::Time time);

absl::Cord AsCord(Value value);

// The chunks of a Cord, without copying. They are valid as long as the Cord is neither changed nor moved.
Pieces PiecesOf(const absl::Cord& cord);

}  // namespace remote_dram::driver

#endif  // REMOTE_DRAM_DRIVER_CONVERT_H_
