// The verbs of the client: each makes the Call, or the calls, that encode its request and read its reply.
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

// What only the client's side knows of a connection.
struct Reached {
  std::string address;
  std::string path;
  std::string lanes;
};
std::shared_ptr<Call> StatServerCall(base::Callback<Reached*> reached, Done<ServerStat>&& done);

std::shared_ptr<Call> BatchReadCall(const std::vector<ReadOperation>& operations, const BatchReadOptions& options,
                                    Done<BatchReadResult>&& done);
std::shared_ptr<Call> BatchWriteCall(const std::vector<WriteOperation>& operations, Done<BatchWriteResult>&& done);
std::shared_ptr<Call> CopyRangeCall(const KeyRange& source, const CopyTarget& target, Done<CopyRangeResult>&& done);

// The verbs that may take several calls hand each of them on with the deadline of the whole; from any thread.
using Submit = std::function<void(std::shared_ptr<Call>)>;

// A transaction whose values were lost on the way (its connection broke) begins again, so many times in all;
// each round has a number of its own, from the first on.
inline constexpr uint64_t transaction_rounds_max = 4;
void Transact(const std::vector<WriteOperation>& operations, uint64_t first_number, Submit submit,
              Done<TransactResult>&& done);

// `loop` stays for as long as `submit` does.
void Wait(std::string key, const Generation& while_generation, const net::Loop* loop, net::TimePoint deadline,
          Submit submit, Done<StatResult>&& done);

}  // namespace remote_dram::client

#endif  // REMOTE_DRAM_CLIENT_VERBS_H_
