// Packing and unpacking the outcomes of a batch.
#include "wire/batch_reply.h"

#include "remote_dram/verbs.h"

namespace remote_dram::wire {
namespace {

constexpr char kZeros[kValueAlignment] = {};

uint64_t GapAfter(uint64_t bytes) { return (kValueAlignment - bytes % kValueAlignment) % kValueAlignment; }

}  // namespace

const char* BatchOutcome::Fault() const {
  if (const char* fault = generation.Fault()) return fault;
  if (code > static_cast<uint32_t>(kStatusCodeMax)) return "the status code is unknown";
  if (code != 0) return payload_bytes > error_text_bytes_max ? "the text of an error is too long" : nullptr;
  if (state > static_cast<uint32_t>(ReadState::kConditionFailed)) return "the state is unknown";
  if (payload_bytes > value_bytes) return "more bytes than the value has";
  return payload_bytes != 0 && state != static_cast<uint32_t>(ReadState::kValue) ? "bytes without a value" : nullptr;
}

BatchPart ErrorPart(StatusCode code, std::string_view text) {
  BatchPart part;
  part.outcome.code = static_cast<uint32_t>(code);
  part.bytes = text.substr(0, error_text_bytes_max);
  return part;
}

Pieces PackOutcomes(std::vector<BatchPart>* parts, std::string* table) {
  table->clear();
  table->reserve(parts->size() * sizeof(BatchOutcome));
  for (BatchPart& part : *parts) {
    part.outcome.payload_bytes = part.bytes.size();
    Append(table, part.outcome);
  }
  Pieces pieces = {*table};
  uint64_t end = table->size();
  for (const BatchPart& part : *parts) {
    if (part.bytes.empty()) continue;
    if (const uint64_t gap = GapAfter(end); gap > 0) {
      pieces.emplace_back(kZeros, gap);
      end += gap;
    }
    pieces.push_back(part.bytes);
    end += part.bytes.size();
  }
  return pieces;
}

const char* UnpackOutcomes(std::string_view payload, uint32_t count, std::vector<BatchPart>* parts) {
  if (count > batch_operations_max) return "more outcomes than batch_operations_max";
  parts->clear();
  parts->reserve(count);
  std::string_view rest = payload;
  for (uint32_t i = 0; i < count; ++i) {
    BatchPart& part = parts->emplace_back();
    if (const char* fault = Take(&rest, &part.outcome)) return fault;
    if (const char* fault = part.outcome.Fault()) return fault;
  }
  for (BatchPart& part : *parts) {
    if (part.outcome.payload_bytes == 0) continue;
    const uint64_t gap = GapAfter(payload.size() - rest.size());
    if (gap > rest.size() || part.outcome.payload_bytes > rest.size() - gap) return "a value ends after the payload";
    rest.remove_prefix(gap);
    part.bytes = rest.substr(0, part.outcome.payload_bytes);
    rest.remove_prefix(part.outcome.payload_bytes);
  }
  return rest.empty() ? nullptr : "bytes follow the last value";
}

}  // namespace remote_dram::wire
