// Translation between the messages of kvstore.proto and the options and results of a KeyValueStore.
//
// Memory and threads: pure functions; a plan owns copies of what it needs of its request.
// Failure: INVALID_ARGUMENT for what no store could answer: an impossible byte range, a time out of
// range, a delete that names neither a key nor a range. What depends on the value (a range outside of
// it) is the store's.
// Limits: those of the store.
#ifndef REMOTE_DRAM_GATEWAY_TRANSLATE_H_
#define REMOTE_DRAM_GATEWAY_TRANSLATE_H_

#include <cstdint>
#include <string>

#include "gateway/kvstore.pb.h"
#include "gateway/stamp.h"
#include "remote_dram/status.h"
#include "remote_dram/verbs.h"

namespace remote_dram::gateway {

namespace proto = tensorstore_grpc::kvstore;

struct ReadPlan {
  std::string key;
  GetOptions options;
  Stamp stamp;
};
Result<ReadPlan> PlanRead(const proto::ReadRequest& request, Time now);

// All of the first response but the value. A failed condition is told by the current generation, so that
// a cache learns that what it holds is still valid.
proto::ReadResponse AnswerRead(const GetResult& result, const Stamp& stamp);

// What the store says to a write or a delete, failures too, is in the response: TensorStore 0.1.86 and
// later sends a write once more if the rpc itself fails, though the first may have been applied.
proto::WriteResponse AnswerWrite(const Result<WriteResult>& result, const Stamp& stamp);

struct DeletePlan {
  bool whole_range = false;  // delete `range`; else `key`
  std::string key;
  DeleteOptions options;
  KeyRange range;
};
Result<DeletePlan> PlanDelete(const proto::DeleteRequest& request);

proto::DeleteResponse AnswerDelete(const Result<WriteResult>& result, const Stamp& stamp);
proto::DeleteResponse AnswerDeleteRange(const Result<DeleteRangeResult>& result, const Stamp& stamp);

struct ListPlan {
  KeyRange range;
  uint64_t strip_bytes = 0;  // taken from the front of each key
};
Result<ListPlan> PlanList(const proto::ListRequest& request, Time now);

proto::ListResponse AnswerList(const ListPage& page, uint64_t strip_bytes);

}  // namespace remote_dram::gateway

#endif  // REMOTE_DRAM_GATEWAY_TRANSLATE_H_
