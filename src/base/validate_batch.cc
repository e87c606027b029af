// Checks of calls with several operations: their number, their bytes, and that they do not contradict each other.
#include <algorithm>
#include <string>
#include <unordered_set>

#include "base/bytes.h"
#include "base/validate.h"

namespace remote_dram::base {
namespace {

using Kind = WriteOperation::Kind;

Status Invalid(std::string message) { return Status(StatusCode::kInvalidArgument, std::move(message)); }

Status CheckCount(const char* verb, size_t operations, const char* limit, uint64_t operations_max) {
  if (operations == 0) return Invalid(std::string(verb) + ": no operations; name at least one");
  if (operations <= operations_max) return Status();
  return Invalid(std::string(verb) + ": " + std::to_string(operations) + " operations are over " + limit + " (" +
                 std::to_string(operations_max) + "); use several calls");
}

Status CheckSum(const char* verb, uint64_t bytes, const char* limit, uint64_t bytes_max) {
  if (bytes <= bytes_max) return Status();
  return Invalid(std::string(verb) + ": keys and values of " + std::to_string(bytes) + " bytes are over " + limit +
                 " (" + std::to_string(bytes_max) + "); use several calls");
}

template <typename Read>
Status CheckReads(const std::vector<Read>& operations) {
  const char* const verb = "batch read";
  const Status counted = CheckCount(verb, operations.size(), "batch_operations_max", batch_operations_max);
  if (!counted.ok()) return counted;
  uint64_t bytes = 0;
  for (const Read& each : operations) {
    if (Status valid = CheckKey(verb, each.key); !valid.ok()) return valid;
    bytes += each.key.size();
  }
  return CheckSum(verb, bytes, "batch_bytes_max", batch_bytes_max);
}

// The bytes of all keys and bounds, if each of them is valid.
Result<uint64_t> KeyBytes(const char* verb, const std::vector<WriteOperation>& operations) {
  uint64_t bytes = 0;
  for (const WriteOperation& each : operations) {
    const bool range = each.kind == Kind::kDeleteRange;
    const Status valid = range ? CheckKeyRange(verb, {each.key, each.end}) : CheckKey(verb, each.key);
    if (!valid.ok()) return valid;
    bytes += each.key.size() + (range ? each.end.size() : 0);
  }
  return bytes;
}

uint64_t ValueBytes(const std::vector<WriteOperation>& operations) {
  uint64_t bytes = 0;
  for (const WriteOperation& each : operations) bytes += each.kind == Kind::kPut ? BytesOf(each.value) : 0;
  return bytes;
}

bool IsEmpty(const KeyRange& range) { return !range.end.empty() && range.begin >= range.end; }

bool Meet(const KeyRange& a, const KeyRange& b) {
  return (a.end.empty() || b.begin < a.end) && (b.end.empty() || a.begin < b.end);
}

// A range that contains the copies of all keys of the source. It is exact if the same prefix is stripped from every key.
KeyRange ImageOf(const KeyRange& source, const CopyTarget& target) {
  const size_t strip = target.strip_bytes;
  const bool same = !source.end.empty() && source.begin.size() >= strip && source.end.size() >= strip &&
                    source.begin.compare(0, strip, source.end, 0, strip) == 0;
  if (!same) return KeyRange::Prefix(target.prefix);
  return {target.prefix + source.begin.substr(strip), target.prefix + source.end.substr(strip)};
}

}  // namespace

uint64_t BytesOf(std::span<const std::string_view> pieces) {
  uint64_t bytes = 0;
  for (const std::string_view piece : pieces) bytes += piece.size();
  return bytes;
}

Status CheckBatchRead(const std::vector<ReadOperation>& operations) { return CheckReads(operations); }
Status CheckBatchRead(const std::vector<ReadView>& operations) { return CheckReads(operations); }

Status CheckBatchWrite(const std::vector<WriteOperation>& operations) {
  const char* const verb = "batch write";
  const Status counted = CheckCount(verb, operations.size(), "batch_operations_max", batch_operations_max);
  if (!counted.ok()) return counted;
  for (const WriteOperation& each : operations) {
    if (each.kind == Kind::kPut || each.kind == Kind::kDelete) continue;
    return Invalid(std::string(verb) + " " + Quoted(each.key) +
                   ": neither a put nor a delete; checks and ranges belong into a transaction");
  }
  const Result<uint64_t> key_bytes = KeyBytes(verb, operations);
  if (!key_bytes.ok()) return key_bytes.status();
  return CheckSum(verb, *key_bytes + ValueBytes(operations), "batch_bytes_max", batch_bytes_max);
}

Status CheckTransaction(const std::vector<WriteOperation>& operations) {
  const char* const verb = "transact";
  const Status counted = CheckCount(verb, operations.size(), "transaction_keys_max", transaction_keys_max);
  if (!counted.ok()) return counted;
  std::unordered_set<std::string_view> keys;
  for (const WriteOperation& each : operations) {
    if (each.kind != Kind::kDeleteRange && !keys.insert(each.key).second) {
      return Invalid(std::string(verb) + " " + Quoted(each.key) + ": the key is named twice; name each key once");
    }
    if (each.kind == Kind::kDeleteRange && each.if_generation.known()) {
      return Invalid(std::string(verb) + " " + Quoted(each.key) + ": a range has no condition; check keys for it");
    }
  }
  const Result<uint64_t> key_bytes = KeyBytes(verb, operations);
  if (!key_bytes.ok()) return key_bytes.status();
  // All keys travel in one message; values may be sent ahead of it (StageRequest).
  if (Status fits = CheckSum(verb, *key_bytes, "batch_bytes_max", batch_bytes_max); !fits.ok()) return fits;
  return CheckSum(verb, *key_bytes + ValueBytes(operations), "transaction_bytes_max", transaction_bytes_max);
}

Status CheckCopyRange(const KeyRange& source, const CopyTarget& target) {
  const char* const verb = "copy";
  if (Status valid = CheckKeyRange(verb, source); !valid.ok()) return valid;
  if (Status valid = CheckKey("copy to", target.prefix); !valid.ok()) return valid;
  const std::string what = std::string(verb) + " " + Quoted(source.begin) + " to " + Quoted(target.prefix);
  if (target.strip_bytes > key_bytes_max) {
    return Invalid(what + ": strip_bytes (" + std::to_string(target.strip_bytes) + ") is longer than any key");
  }
  if (IsEmpty(source) || !Meet(source, ImageOf(source, target))) return Status();
  return Invalid(what + ": the target lies in the range that is copied, or the range in the target; use a prefix outside");
}

}  // namespace remote_dram::base
