// Translation: for each verb, a function for the request and one for the response.
#include "gateway/translate.h"

#include <algorithm>

#include "base/validate.h"

namespace remote_dram::gateway {
namespace {

void SetStamp(const Generation& generation, const Stamp& stamp, proto::GenerationAndTimestamp* to) {
  to->set_generation(generation.ToBytes());
  *to->mutable_timestamp() = stamp;
}

KeyRange RangeOf(const proto::KeyRange& range) {
  return {.begin = range.inclusive_min(), .end = range.exclusive_max()};
}

void SetStatus(const Status& status, proto::StatusMessage* to) {
  to->set_code(static_cast<int32_t>(status.code()));
  to->set_message(status.message());
}

// If the condition did not hold: Unknown, which is encoded as no bytes. TensorStore reads that as a failed condition.
Generation GenerationOf(const WriteResult& result) {
  return result.state == WriteState::kApplied ? result.generation : Generation::Unknown();
}

Generation GenerationOf(const DeleteRangeResult&) { return Generation::Missing(); }

template <typename Response, typename T>
Response Answer(const Result<T>& result, const Stamp& stamp) {
  Response response;
  if (result.ok()) {
    SetStamp(GenerationOf(*result), stamp, response.mutable_generation_and_timestamp());
  } else {
    SetStatus(result.status(), response.mutable_status());
  }
  return response;
}

proto::ReadResponse::State StateOf(ReadState state) {
  switch (state) {
    case ReadState::kValue:
      return proto::ReadResponse::VALUE;
    case ReadState::kMissing:
      return proto::ReadResponse::MISSING;
    case ReadState::kConditionFailed:
      break;
  }
  return proto::ReadResponse::UNSPECIFIED;
}

}  // namespace

Result<ReadPlan> PlanRead(const proto::ReadRequest& request, Time now) {
  ReadPlan plan;
  plan.key = request.key();
  plan.options.view = true;  // gRPC sends from the server's memory, if it is mapped
  plan.options.if_generation = Generation::FromBytes(request.generation_if_equal());
  plan.options.if_not_generation = Generation::FromBytes(request.generation_if_not_equal());
  if (request.has_byte_range()) {
    const ByteRange range{.min = request.byte_range().inclusive_min(),
                          .max = request.byte_range().exclusive_max()};
    if (Status possible = base::CheckGet(plan.key, range); !possible.ok()) return possible;
    plan.options.range = range;
  }
  Result<Stamp> stamp =
      StampFor(request.has_staleness_bound() ? &request.staleness_bound() : nullptr, now);
  if (!stamp.ok()) return stamp.status();
  plan.stamp = *stamp;
  return plan;
}

proto::ReadResponse AnswerRead(const GetResult& result, const Stamp& stamp) {
  proto::ReadResponse response;
  SetStamp(result.generation, stamp, response.mutable_generation_and_timestamp());
  response.set_state(StateOf(result.state));
  return response;
}

proto::WriteResponse AnswerWrite(const Result<WriteResult>& result, const Stamp& stamp) {
  return Answer<proto::WriteResponse>(result, stamp);
}

Result<DeletePlan> PlanDelete(const proto::DeleteRequest& request) {
  DeletePlan plan;
  plan.whole_range = request.has_range();
  if (plan.whole_range) {
    if (!request.key().empty() || !request.generation_if_equal().empty()) {
      return Status(StatusCode::kInvalidArgument,
                    "delete: a range goes with neither a key nor a condition; send one request for each");
    }
    plan.range = RangeOf(request.range());
    return plan;
  }
  // The protocol cannot distinguish the empty key from no key, so this refuses rather than delete a key that the client
  // did not name.
  if (request.key().empty()) {
    return Status(StatusCode::kInvalidArgument, "delete: the request names neither a key nor a range");
  }
  plan.key = request.key();
  plan.options.if_generation = Generation::FromBytes(request.generation_if_equal());
  return plan;
}

proto::DeleteResponse AnswerDelete(const Result<WriteResult>& result, const Stamp& stamp) {
  return Answer<proto::DeleteResponse>(result, stamp);
}

proto::DeleteResponse AnswerDeleteRange(const Result<DeleteRangeResult>& result, const Stamp& stamp) {
  return Answer<proto::DeleteResponse>(result, stamp);
}

Result<ListPlan> PlanList(const proto::ListRequest& request, Time now) {
  // A list response has no stamp, so the bound is only checked.
  Result<Stamp> stamp =
      StampFor(request.has_staleness_bound() ? &request.staleness_bound() : nullptr, now);
  if (!stamp.ok()) return stamp.status();
  return ListPlan{.range = RangeOf(request.range()), .strip_bytes = request.strip_prefix_length()};
}

proto::ListResponse AnswerList(const ListPage& page, uint64_t strip_bytes) {
  proto::ListResponse response;
  response.mutable_entry()->Reserve(static_cast<int>(page.entries.size()));
  for (const ListEntry& entry : page.entries) {
    proto::ListResponse::Entry* to = response.add_entry();
    to->set_key(entry.key.substr(std::min<uint64_t>(strip_bytes, entry.key.size())));
    to->set_size(static_cast<int64_t>(entry.value_bytes));
  }
  return response;
}

}  // namespace remote_dram::gateway
