// The verbs of the client: each function makes the Call, or several, that encodes the request and reads the reply.
//
// Memory: keys are copied into the call; values are lent, see Call. Threads: any.
// Failure: none here; arguments were checked before (base/validate.h).
#ifndef REMOTE_DRAM_CLIENT_VERBS_H_
#define REMOTE_DRAM_CLIENT_VERBS_H_

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "client/call.h"
#include "remote_dram/verbs.h"

namespace remote_dram::client {

std::shared_ptr<Call> GetCall(std::string_view key, const GetOptions& options, Done<GetResult>&& done);
std::shared_ptr<Call> PutCall(std::string_view key, const Pieces& value, const PutOptions& options,
                              Done<WriteResult>&& done);
std::shared_ptr<Call> DeleteCall(std::string_view key, const DeleteOptions& options, Done<WriteResult>&& done);
std::shared_ptr<Call> DeleteRangeCall(const KeyRange& range, Done<DeleteRangeResult>&& done);
std::shared_ptr<Call> ListCall(const KeyRange& range, const ListOptions& options, Done<ListPage>&& done);
std::shared_ptr<Call> StatCall(std::string_view key, Done<StatResult>&& done);

// The part of a ServerStat that only the client's side of the connection knows; see there.
struct Reached {
  std::string address;
  std::string path;
  std::string lanes;
};
// `reached` fills in its argument, on the loop.
std::shared_ptr<Call> StatServerCall(base::Callback<Reached*> reached, Done<ServerStat>&& done);

std::shared_ptr<Call> BatchReadCall(const std::vector<ReadOperation>& operations, const BatchReadOptions& options,
                                    Done<BatchReadResult>&& done);
std::shared_ptr<Call> BatchWriteCall(const std::vector<WriteOperation>& operations, Done<BatchWriteResult>&& done);
std::shared_ptr<Call> CopyRangeCall(const KeyRange& source, const CopyTarget& target, Done<CopyRangeResult>&& done);

// How Transact and Wait, which may need several calls, submit each of them. May be called from any thread; sets the
// deadline, which is the same for all calls of one verb.
using Submit = std::function<void(std::shared_ptr<Call>)>;

// A transaction whose staged values were lost (because its connection broke) begins again. It makes at most this many
// rounds; each uses its own transaction number, from `first_number` on.
inline constexpr uint64_t transaction_rounds_max = 4;
void Transact(const std::vector<WriteOperation>& operations, uint64_t first_number, Submit submit,
              Done<TransactResult>&& done);

// `loop` must stay valid as long as `submit` exists.
void Wait(std::string key, const Generation& while_generation, const net::Loop* loop, net::TimePoint deadline,
          Submit submit, Done<StatResult>&& done);

}  // namespace remote_dram::client

#endif  // REMOTE_DRAM_CLIENT_VERBS_H_
