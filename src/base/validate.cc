// Checks of the arguments of calls.
#include "base/validate.h"

#include <string>

#include "base/bytes.h"
#include "base/planted_fault.h"

namespace remote_dram::base {
namespace {

Status Invalid(std::string message) { return Status(StatusCode::kInvalidArgument, std::move(message)); }

std::string Text(const ByteRange& range) {
  if (range.max == -1 && range.min < 0) return "the last " + std::to_string(range.min).substr(1) + " bytes";
  return "bytes [" + std::to_string(range.min) + ", " +
         (range.max == -1 ? std::string("end") : std::to_string(range.max)) + ")";
}

}  // namespace

Status KeyTooLong(std::string_view verb, std::string_view key) {
  return Invalid(std::string(verb) + " " + Quoted(key) + ": a key of " + std::to_string(key.size()) +
                 " bytes is over key_bytes_max (" + std::to_string(key_bytes_max) + "); use a shorter one");
}

Status CheckValueBytes(std::string_view key, uint64_t value_bytes, uint64_t limit_bytes) {
  if (value_bytes <= limit_bytes || Planted(PlantedFault::kValueLimitIgnored)) return Status();
  return Invalid("put " + Quoted(key) + ": a value of " + std::to_string(value_bytes) +
                 " bytes is over the server's value_bytes_max (" + std::to_string(limit_bytes) +
                 "); split it or raise the limit");
}

Status CheckKeyRange(std::string_view verb, const KeyRange& range) {
  for (const std::string* bound : {&range.begin, &range.end}) {
    if (bound->size() > range_bound_bytes_max) {
      return Invalid(std::string(verb) + " " + Quoted(*bound) + ": a bound of " +
                     std::to_string(bound->size()) + " bytes is longer than any key (key_bytes_max is " +
                     std::to_string(key_bytes_max) + ")");
    }
  }
  return Status();
}

Status CheckList(const KeyRange& range, const ListOptions& options) {
  if (Status valid = CheckKeyRange("list", range); !valid.ok()) return valid;
  if (options.after) {
    if (Status valid = CheckKey("list after", *options.after); !valid.ok()) return valid;
  }
  if (options.entries_max >= 1 && options.entries_max <= list_entries_max) return Status();
  return Invalid("list " + Quoted(range.begin) + ": entries_max is " + std::to_string(options.entries_max) +
                 ", but must be from 1 to list_entries_max (" + std::to_string(list_entries_max) + ")");
}

Status RangeWithoutSense(const ByteRange& range) {
  return Invalid(Text(range) + " is no range: min must be from 0 to max, or max -1 for the end");
}

Status GetWithoutSense(std::string_view key, const ByteRange& range) {
  return RangeWithoutSense(range).WithContext("get " + Quoted(key));
}

Result<ResolvedRange> ResolveRange(const ByteRange& range, uint64_t value_bytes) {
  if (Status valid = CheckByteRange(range); !valid.ok()) return valid;
  const bool suffix = range.min < 0;
  // Unsigned, because the length of the longest suffix, 2^63, does not fit int64_t.
  const uint64_t reach = suffix ? 0 - static_cast<uint64_t>(range.min) : static_cast<uint64_t>(range.min);
  const uint64_t end = range.max == -1 ? value_bytes : static_cast<uint64_t>(range.max);
  if (reach > value_bytes || end > value_bytes) {
    if (Planted(PlantedFault::kRangeUnchecked)) return ResolvedRange{0, value_bytes};
    return Status(StatusCode::kOutOfRange,
                  Text(range) + " are not all inside of a value of " + std::to_string(value_bytes) +
                      " bytes");
  }
  const uint64_t offset = suffix ? value_bytes - reach : reach;
  return ResolvedRange{offset, end - offset};
}

Status CheckRoom(std::string_view key, uint64_t bytes, uint64_t room_bytes) {
  if (bytes <= room_bytes) return Status();
  return Status(StatusCode::kOutOfRange, "get " + Quoted(key) + ": " + std::to_string(bytes) +
                                             " bytes do not fit into the caller's " +
                                             std::to_string(room_bytes) + "; read a range or lend more");
}

}  // namespace remote_dram::base
