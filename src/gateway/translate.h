// Translation between the messages of kvstore.proto and the options and results of a KeyValueStore.
//
// Memory and threads: pure functions; a plan owns copies of what it needs from its request.
// Failure: INVALID_ARGUMENT for a request that no store could answer: an impossible byte range, a time out of range, a
// delete that names neither a key nor a range, or both. Checks that depend on the value (a range outside it) are left to
// the store.
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

// The first response, without the value. If a condition does not hold, the response has the current generation, from
// which a cache learns that what it holds is still valid.
proto::ReadResponse AnswerRead(const GetResult& result, const Stamp& stamp);

// The store's answer to a write or delete, also an error, is sent in the response. If the rpc itself failed instead,
// TensorStore 0.1.86 and later would send the write again, although the first one may have been applied.
proto::WriteResponse AnswerWrite(const Result<WriteResult>& result, const Stamp& stamp);

struct DeletePlan {
  bool whole_range = false;  // true: delete `range`; false: delete `key`, with `options`
  std::string key;
  DeleteOptions options;
  KeyRange range;
};
Result<DeletePlan> PlanDelete(const proto::DeleteRequest& request);

proto::DeleteResponse AnswerDelete(const Result<WriteResult>& result, const Stamp& stamp);
proto::DeleteResponse AnswerDeleteRange(const Result<DeleteRangeResult>& result, const Stamp& stamp);

struct ListPlan {
  KeyRange range;
  uint64_t strip_bytes = 0;  // how many bytes to remove from the front of each key
};
Result<ListPlan> PlanList(const proto::ListRequest& request, Time now);

proto::ListResponse AnswerList(const ListPage& page, uint64_t strip_bytes);

}  // namespace remote_dram::gateway

#endif  // REMOTE_DRAM_GATEWAY_TRANSLATE_H_
