// List: streams the keys of a range, one page of the store after the other.
//
// Memory: the reactor deletes itself when the rpc is done; it holds one page.
// Threads: gRPC's and the store's, one at a time (awaited.h).
// Failure: reported in the status of the rpc, perhaps after some correct pages were sent.
// Limits: list_entries_max and list_page_bytes_max, the store's limits of a page.
#ifndef REMOTE_DRAM_GATEWAY_OP_LIST_H_
#define REMOTE_DRAM_GATEWAY_OP_LIST_H_

#include <grpcpp/server_context.h>
#include <grpcpp/support/server_callback.h>

#include "gateway/kvstore.pb.h"
#include "remote_dram/key_value_store.h"

namespace remote_dram::gateway {

grpc::ServerWriteReactor<tensorstore_grpc::kvstore::ListResponse>* StartList(
    KeyValueStore& store, grpc::CallbackServerContext* context,
    const tensorstore_grpc::kvstore::ListRequest& request);

}  // namespace remote_dram::gateway

#endif  // REMOTE_DRAM_GATEWAY_OP_LIST_H_
