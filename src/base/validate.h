// Checks of the arguments of calls. The client uses them to save a round trip, the store because it trusts no client.
//
// Memory and threads: pure functions.
// Failure: INVALID_ARGUMENT for arguments that make no sense or exceed a limit, which the text names; OUT_OF_RANGE for a
// byte range outside of a value, and for bytes that do not fit into the caller's memory.
// Limits: timeout_max, key_bytes_max, value_bytes_max, list_entries_max, batch_operations_max, batch_bytes_max,
// transaction_keys_max, transaction_bytes_max.
#ifndef REMOTE_DRAM_BASE_VALIDATE_H_
#define REMOTE_DRAM_BASE_VALIDATE_H_

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "base/read_view.h"
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

// A bound may be one byte longer than a key: the successor of the longest key is that key with a zero byte appended.
inline constexpr size_t range_bound_bytes_max = key_bytes_max + 1;
Status CheckKeyRange(std::string_view verb, const KeyRange& range);

Status CheckList(const KeyRange& range, const ListOptions& options);

// Check what makes the whole batch fail. A byte range that fits no value fails only its own operation, and is not checked
// here.
Status CheckBatchRead(const std::vector<ReadOperation>& operations);
Status CheckBatchRead(const std::vector<ReadView>& operations);
Status CheckBatchWrite(const std::vector<WriteOperation>& operations);

// Also checks that no key is named twice, except as the bound of a range.
Status CheckTransaction(const std::vector<WriteOperation>& operations);

// The range of the copies must not overlap the source range.
Status CheckCopyRange(const KeyRange& source, const CopyTarget& target);

uint64_t BytesOf(std::span<const std::string_view> pieces);

// The time that a call may take: `asked`, or `otherwise` if that is 0. At most timeout_max, so that no deadline overflows;
// negative if the deadline has passed.
inline std::chrono::milliseconds TimeoutOf(std::chrono::milliseconds asked, std::chrono::milliseconds otherwise) {
  return std::clamp(asked.count() != 0 ? asked : otherwise, std::chrono::milliseconds(-1), timeout_max);
}

Status RangeWithoutSense(const ByteRange& range);
// OK if the range can fit a value of any size at all.
inline Status CheckByteRange(const ByteRange& range) {
  const bool fine = range.max == -1 || (range.min >= 0 && range.max >= range.min);
  return fine ? Status() : RangeWithoutSense(range);
}

Status GetWithoutSense(std::string_view key, const ByteRange& range);
inline Status CheckGet(std::string_view key, const ByteRange& range) {
  if (Status valid = CheckKey("get", key); !valid.ok()) return valid;
  return CheckByteRange(range).ok() ? Status() : GetWithoutSense(key, range);
}

// The range as offset and size within a value of `value_bytes`. A range that reaches beyond the value is an error; it is
// not clamped.
struct ResolvedRange {
  uint64_t offset = 0;
  uint64_t size = 0;
};
Result<ResolvedRange> ResolveRange(const ByteRange& range, uint64_t value_bytes);

// OK if the bytes of a value fit into the memory that the caller lent.
Status CheckRoom(std::string_view key, uint64_t bytes, uint64_t room_bytes);

}  // namespace remote_dram::base

#endif  // REMOTE_DRAM_BASE_VALIDATE_H_
