// Delete: one key, or all keys of a range.
//
// Memory: the reactor deletes itself when the rpc is done.
// Threads: gRPC's and the store's, one at a time (awaited.h).
// Failure: an invalid request is reported in the status of the rpc, an error of the store in the response. A condition
// that does not hold is not a failure.
#ifndef REMOTE_DRAM_GATEWAY_OP_DELETE_H_
#define REMOTE_DRAM_GATEWAY_OP_DELETE_H_

#include <grpcpp/server_context.h>
#include <grpcpp/support/server_callback.h>

#include "gateway/kvstore.pb.h"
#include "remote_dram/key_value_store.h"

namespace remote_dram::gateway {

grpc::ServerUnaryReactor* StartDelete(KeyValueStore& store, grpc::CallbackServerContext* context,
                                      const tensorstore_grpc::kvstore::DeleteRequest& request,
                                      tensorstore_grpc::kvstore::DeleteResponse* response);

}  // namespace remote_dram::gateway

#endif  // REMOTE_DRAM_GATEWAY_OP_DELETE_H_
