// The checks of messages: each Fault refuses what no correct peer sends on the data path.
#include "wire/message.h"

#include <algorithm>

#include "base/validate.h"
#include "remote_dram/status.h"
#include "remote_dram/verbs.h"

namespace remote_dram::wire {
namespace {

constexpr const char* kKeyTooLong = "the key is longer than key_bytes_max";
constexpr const char* kTailUnexpected = "bytes follow where none are expected";
constexpr const char* kReserved = "reserved bytes are not zero";

const char* FirstFault(std::initializer_list<const char*> faults) {
  const auto first = std::find_if(faults.begin(), faults.end(), [](const char* fault) { return fault != nullptr; });
  return first == faults.end() ? nullptr : *first;
}
const char* BoundFault(size_t bytes) {
  return bytes > base::range_bound_bytes_max ? "a bound of the range is longer than a key can be" : nullptr;
}
const char* KeyFault(size_t bytes) { return bytes > key_bytes_max ? kKeyTooLong : nullptr; }
const char* NoTail(size_t bytes) { return bytes != 0 ? kTailUnexpected : nullptr; }
const char* CountFault(uint32_t operations) {
  if (operations == 0) return "a batch of no operations";
  return operations > batch_operations_max ? "more operations than batch_operations_max" : nullptr;
}
const char* Flag(uint64_t value) { return value > 1 ? "a flag is neither 0 nor 1" : nullptr; }

}  // namespace

const char* MessageHeader::Fault() const {
  if (token == 0) return "the token is zero";
  if (verb < static_cast<uint16_t>(Verb::kJoin) || verb > static_cast<uint16_t>(Verb::kBundle)) {
    return "the verb is unknown";
  }
  if (code > static_cast<uint16_t>(kStatusCodeMax)) return "the status code is unknown";
  return span >= mutations_window_max ? "mutations are further apart than mutations_window_max" : nullptr;
}

WireGeneration WireGeneration::From(const Generation& generation) {
  return {generation.incarnation(), generation.sequence(), static_cast<uint64_t>(generation.kind())};
}

Generation WireGeneration::ToGeneration() const {
  switch (static_cast<Generation::Kind>(kind)) {
    case Generation::Kind::kUnknown:
      return Generation::Unknown();
    case Generation::Kind::kMissing:
      return Generation::Missing();
    case Generation::Kind::kValue:
      return Generation::Value(incarnation, sequence);
    case Generation::Kind::kForeign:
      break;
  }
  return Generation::Foreign();
}

const char* WireGeneration::Fault() const {
  if (kind > static_cast<uint64_t>(Generation::Kind::kForeign)) return "the kind of a generation is unknown";
  const bool is_value = kind == static_cast<uint64_t>(Generation::Kind::kValue);
  return !is_value && (incarnation != 0 || sequence != 0) ? "a generation without a value has numbers" : nullptr;
}

const char* JoinRequest::Fault(size_t tail_bytes) const { return NoTail(tail_bytes); }
const char* JoinReply::Fault(size_t tail_bytes) const {
  return FirstFault({reserved != 0 ? kReserved : nullptr, NoTail(tail_bytes)});
}

// The byte range is not checked here: a bad range is an error of the caller, which the store reports in its reply.
const char* GetRequest::Fault(size_t tail_bytes) const {
  return FirstFault({if_generation.Fault(), if_not_generation.Fault(), KeyFault(tail_bytes)});
}
const char* GetWholeRequest::Fault(size_t tail_bytes) const { return KeyFault(tail_bytes); }
const char* GetReply::Fault(size_t tail_bytes) const {
  if (tail_bytes != 0) return kTailUnexpected;
  if (state > static_cast<uint64_t>(ReadState::kConditionFailed)) return "the state is unknown";
  if (payload_bytes > value_bytes) return "more bytes than the value has";
  if (state != static_cast<uint64_t>(ReadState::kValue) && payload_bytes != 0) return "bytes without a value";
  return generation.Fault();
}

const char* PutRequest::Fault(size_t tail_bytes) const {
  return FirstFault({if_generation.Fault(), KeyFault(tail_bytes)});
}
const char* DeleteRequest::Fault(size_t tail_bytes) const {
  return FirstFault({if_generation.Fault(), KeyFault(tail_bytes)});
}
const char* WriteReply::Fault(size_t tail_bytes) const {
  return FirstFault({generation.Fault(), NoTail(tail_bytes),
                     state > static_cast<uint64_t>(WriteState::kConditionFailed) ? "the state is unknown" : nullptr});
}

const char* DeleteRangeRequest::Fault(size_t tail_bytes) const {
  return FirstFault({BoundFault(begin_bytes), BoundFault(end_bytes), NoTail(tail_bytes)});
}
const char* DeleteRangeReply::Fault(size_t tail_bytes) const { return NoTail(tail_bytes); }

const char* ListRequest::Fault(size_t tail_bytes) const {
  return FirstFault({BoundFault(begin_bytes), BoundFault(end_bytes), KeyFault(after_bytes), Flag(resume),
                     resume == 0 && after_bytes != 0 ? "a key to resume after, but no resuming" : nullptr,
                     entries_max == 0 ? "a page of no entries" : nullptr,
                     reserved != 0 ? kReserved : nullptr, NoTail(tail_bytes)});
}
const char* ListReply::Fault(size_t tail_bytes) const {
  return FirstFault({Flag(more), more == 1 && entries == 0 ? "more is to come after nothing" : nullptr,
                     NoTail(tail_bytes)});
}

const char* StatRequest::Fault(size_t tail_bytes) const {
  return FirstFault({reserved != 0 ? kReserved : nullptr, KeyFault(tail_bytes)});
}
const char* StatReply::Fault(size_t tail_bytes) const {
  return FirstFault({generation.Fault(), Flag(exists), NoTail(tail_bytes)});
}

const char* StatServerRequest::Fault(size_t tail_bytes) const {
  return FirstFault({reserved != 0 ? kReserved : nullptr, NoTail(tail_bytes)});
}
const char* StatServerReply::Fault(size_t tail_bytes) const {
  return tail_bytes > error_text_bytes_max ? "the version's name is too long" : nullptr;
}

const char* BatchReadRequest::Fault(size_t tail_bytes) const {
  return FirstFault({CountFault(operations), Flag(at_one_instant), NoTail(tail_bytes)});
}
const char* BatchWriteRequest::Fault(size_t tail_bytes) const {
  return FirstFault({CountFault(operations), reserved != 0 ? kReserved : nullptr, NoTail(tail_bytes)});
}
const char* BatchReply::Fault(size_t tail_bytes) const {
  return FirstFault({CountFault(operations), NoTail(tail_bytes),
                     state > static_cast<uint64_t>(WriteState::kConditionFailed) ? "the state is unknown" : nullptr});
}

const char* StageRequest::Fault(size_t tail_bytes) const {
  return FirstFault({transaction == 0 ? "a value of no transaction" : nullptr, KeyFault(tail_bytes)});
}
const char* StageReply::Fault(size_t tail_bytes) const {
  return FirstFault({reserved != 0 ? kReserved : nullptr, NoTail(tail_bytes)});
}

const char* CopyRangeRequest::Fault(size_t tail_bytes) const {
  return FirstFault({BoundFault(begin_bytes), BoundFault(end_bytes), KeyFault(prefix_bytes),
                     strip_bytes > key_bytes_max ? "more is stripped than a key can have" : nullptr, NoTail(tail_bytes)});
}
const char* CopyRangeReply::Fault(size_t tail_bytes) const { return NoTail(tail_bytes); }

const char* WaitRequest::Fault(size_t tail_bytes) const {
  return FirstFault({while_generation.Fault(), timeout_ms > wait_ms_max ? "the timeout is longer than wait_ms_max" : nullptr,
                     KeyFault(tail_bytes)});
}

}  // namespace remote_dram::wire
