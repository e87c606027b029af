// Packing and unpacking the operations of a batch.
#include "wire/batch.h"

#include "base/validate.h"

namespace remote_dram::wire {
namespace {

using Kind = WriteOperation::Kind;

constexpr const char* kTooMany = "more operations than batch_operations_max";
constexpr const char* kKeyEnds = "a key ends after the payload";
constexpr const char* kKeyTooLong = "the key is longer than key_bytes_max";

Kind KindOf(const WriteEntry& entry) { return static_cast<Kind>(entry.kind); }

std::string_view TakeText(std::string_view* from, size_t bytes) {
  const std::string_view text = from->substr(0, bytes);
  from->remove_prefix(bytes);
  return text;
}

}  // namespace

const char* ReadEntry::Fault() const {
  if (const char* fault = if_generation.Fault()) return fault;
  if (const char* fault = if_not_generation.Fault()) return fault;
  if (key_bytes > key_bytes_max) return kKeyTooLong;
  return stat > 1 ? "a flag is neither 0 nor 1" : nullptr;
}

const char* WriteEntry::Fault() const {
  if (const char* fault = if_generation.Fault()) return fault;
  if (kind > static_cast<uint32_t>(Kind::kDeleteRange)) return "the kind of a write is unknown";
  if (ahead > 1) return "a flag is neither 0 nor 1";
  const bool is_range = KindOf(*this) == Kind::kDeleteRange;
  const size_t bytes_max = is_range ? base::range_bound_bytes_max : key_bytes_max;
  if (key_bytes > bytes_max || end_bytes > bytes_max) return kKeyTooLong;
  if (!is_range && end_bytes != 0) return "a single key has an end";
  if (KindOf(*this) != Kind::kPut && (value_bytes != 0 || ahead != 0)) return "a value where none is written";
  return value_bytes != 0 && ahead != 0 ? "a value that came ahead comes again" : nullptr;
}

std::string PackReads(const std::vector<base::ReadView>& operations) {
  std::string payload;
  size_t bytes = operations.size() * sizeof(ReadEntry);
  for (const base::ReadView& each : operations) bytes += each.key.size();
  payload.reserve(bytes);
  for (const base::ReadView& each : operations) {
    Append(&payload, ReadEntry{.if_generation = WireGeneration::From(each.if_generation),
                               .if_not_generation = WireGeneration::From(each.if_not_generation),
                               .range_min = each.range.min,
                               .range_max = each.range.max,
                               .key_bytes = static_cast<uint32_t>(each.key.size()),
                               .stat = each.stat});
    payload.append(each.key);
  }
  return payload;
}

const char* UnpackReads(std::string_view payload, uint32_t count, std::vector<base::ReadView>* operations) {
  if (count > batch_operations_max) return kTooMany;
  operations->clear();
  operations->reserve(count);
  for (uint32_t i = 0; i < count; ++i) {
    ReadEntry entry;
    if (const char* fault = Take(&payload, &entry)) return fault;
    if (const char* fault = entry.Fault()) return fault;
    if (entry.key_bytes > payload.size()) return kKeyEnds;
    operations->push_back({.key = TakeText(&payload, entry.key_bytes),
                           .if_generation = entry.if_generation.ToGeneration(),
                           .if_not_generation = entry.if_not_generation.ToGeneration(),
                           .range = {entry.range_min, entry.range_max},
                           .stat = entry.stat != 0});
  }
  return payload.empty() ? nullptr : "bytes follow the last operation";
}

std::string PackWrites(const std::vector<WriteOperation>& operations, const std::vector<bool>& ahead) {
  std::string payload;
  for (size_t i = 0; i < operations.size(); ++i) {
    const WriteOperation& each = operations[i];
    const bool is_range = each.kind == Kind::kDeleteRange;
    WriteEntry entry{.if_generation = WireGeneration::From(each.if_generation),
                     .kind = static_cast<uint32_t>(each.kind),
                     .key_bytes = static_cast<uint32_t>(each.key.size()),
                     .end_bytes = is_range ? static_cast<uint32_t>(each.end.size()) : 0,
                     .ahead = !ahead.empty() && ahead[i]};
    if (each.kind == Kind::kPut && entry.ahead == 0) entry.value_bytes = base::BytesOf(each.value);
    Append(&payload, entry);
    payload.append(each.key);
    if (is_range) payload.append(each.end);
  }
  return payload;
}

const char* UnpackWrites(std::string_view payload, uint32_t count, std::vector<WriteOperation>* operations,
                         std::vector<bool>* ahead) {
  if (count > batch_operations_max) return kTooMany;
  operations->clear();
  operations->reserve(count);
  ahead->clear();
  std::vector<uint64_t> sizes;
  sizes.reserve(count);
  for (uint32_t i = 0; i < count; ++i) {
    WriteEntry entry;
    if (const char* fault = Take(&payload, &entry)) return fault;
    if (const char* fault = entry.Fault()) return fault;
    if (uint64_t{entry.key_bytes} + entry.end_bytes > payload.size()) return kKeyEnds;
    WriteOperation& operation = operations->emplace_back();
    operation.kind = KindOf(entry);
    operation.key = TakeText(&payload, entry.key_bytes);
    operation.end = TakeText(&payload, entry.end_bytes);
    operation.if_generation = entry.if_generation.ToGeneration();
    ahead->push_back(entry.ahead != 0);
    sizes.push_back(entry.value_bytes);
  }
  for (uint32_t i = 0; i < count; ++i) {
    if (sizes[i] > payload.size()) return "a value ends after the payload";
    if (sizes[i] > 0) (*operations)[i].value = {payload.substr(0, sizes[i])};
    payload.remove_prefix(sizes[i]);
  }
  return payload.empty() ? nullptr : "bytes follow the last value";
}

}  // namespace remote_dram::wire
