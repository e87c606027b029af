// Checks of what a caller passes, shared by the client, which spares itself a trip, and the store, which
// trusts nobody.
//
// Memory and threads: pure functions.
// Failure: INVALID_ARGUMENT for what makes no sense or is over a limit, which it names; OUT_OF_RANGE for a
// byte range outside of a value, and for what does not fit the caller's memory.
// Limits: key_bytes_max, value_bytes_max, list_entries_max, batch_operations_max, batch_bytes_max,
// transaction_keys_max, transaction_bytes_max.
#ifndef REMOTE_DRAM_BASE_VALIDATE_H_
#define REMOTE_DRAM_BASE_VALIDATE_H_

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "remote_dram/limits.h"
#include "remote_dram/status.h"
#include "remote_dram/verbs.h"

namespace remote_dram::base {

Status KeyTooLong(std::string_view verb, std::string_view key);
inline Status CheckKey(std::string_view verb, std::string_view key) {
  return key.size() <= key_bytes_max ? Status() : KeyTooLong(verb, key);
}

// `limit_bytes` is the server's value_bytes_max.
Status CheckValueBytes(std::string_view key, uint64_t value_bytes, uint64_t limit_bytes);

// A bound may be one byte longer than a key: the first string after the longest key ends in a zero byte.
inline constexpr size_t range_bound_bytes_max = key_bytes_max + 1;
Status CheckKeyRange(std::string_view verb, const KeyRange& range);

Status CheckList(const KeyRange& range, const ListOptions& options);

// What refuses a whole batch. A range that can fit no value refuses only its operation.
Status CheckBatchRead(const std::vector<ReadOperation>& operations);
Status CheckBatchWrite(const std::vector<WriteOperation>& operations);

// Also that no key is named twice, beside the ranges.
Status CheckTransaction(const std::vector<WriteOperation>& operations);

// The target must not meet the range that is copied.
Status CheckCopyRange(const KeyRange& source, const CopyTarget& target);

uint64_t BytesOf(std::span<const std::string_view> pieces);

// Whether the range can fit any value at all.
Status RangeWithoutSense(const ByteRange& range);
inline Status CheckByteRange(const ByteRange& range) {
  const bool fine = range.max == -1 || (range.min >= 0 && range.max >= range.min);
  return fine ? Status() : RangeWithoutSense(range);
}

// The range as a part of a value of this size; nothing is clamped.
struct ResolvedRange {
  uint64_t offset = 0;
  uint64_t size = 0;
};
Result<ResolvedRange> ResolveRange(const ByteRange& range, uint64_t value_bytes);

// Whether bytes that were found fit into the memory that the caller lent.
Status CheckRoom(std::string_view key, uint64_t bytes, uint64_t room_bytes);

}  // namespace remote_dram::base

#endif  // REMOTE_DRAM_BASE_VALIDATE_H_
