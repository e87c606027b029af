// Read: streams one value.
//
// Memory: the reactor deletes itself when the rpc is done.
// Threads: gRPC's and the store's, one at a time (awaited.h).
// Failure: reported in the status of the rpc (ReadFailed in rpc.h), never as a missing key.
#ifndef REMOTE_DRAM_GATEWAY_OP_READ_H_
#define REMOTE_DRAM_GATEWAY_OP_READ_H_

#include <grpcpp/server_context.h>
#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/server_callback.h>

#include "remote_dram/key_value_store.h"

namespace remote_dram::gateway {

grpc::ServerWriteReactor<grpc::ByteBuffer>* StartRead(KeyValueStore& store,
                                                      grpc::CallbackServerContext* context,
                                                      const grpc::ByteBuffer* request);

}  // namespace remote_dram::gateway

#endif  // REMOTE_DRAM_GATEWAY_OP_READ_H_
