// The verbs of the client: each makes the Call that encodes its request and reads its reply.
//
// Memory: keys are copied into the call; see Call. Threads: any.
// Failure: none here; arguments were checked before (base/validate.h).
#ifndef REMOTE_DRAM_CLIENT_VERBS_H_
#define REMOTE_DRAM_CLIENT_VERBS_H_

#include <memory>
#include <string_view>

#include "client/call.h"
#include "remote_dram/verbs.h"

namespace remote_dram::client {

std::shared_ptr<Call> GetCall(std::string_view key, const GetOptions& options, Done<GetResult> done);
std::shared_ptr<Call> PutCall(std::string_view key, const Pieces& value, const PutOptions& options,
                              Done<WriteResult> done);
std::shared_ptr<Call> DeleteCall(std::string_view key, const DeleteOptions& options, Done<WriteResult> done);
std::shared_ptr<Call> DeleteRangeCall(const KeyRange& range, Done<DeleteRangeResult> done);
std::shared_ptr<Call> ListCall(const KeyRange& range, const ListOptions& options, Done<ListPage> done);
std::shared_ptr<Call> StatCall(std::string_view key, Done<StatResult> done);

// What only the client's side knows of a connection.
struct Reached {
  std::string address;
  std::string path;
  std::string lanes;
};
std::shared_ptr<Call> StatServerCall(base::Callback<Reached*> reached, Done<ServerStat> done);

// The total size of a value in pieces.
uint64_t BytesOf(const Pieces& pieces);

}  // namespace remote_dram::client

#endif  // REMOTE_DRAM_CLIENT_VERBS_H_
