// Write: receives a value in parts, and stores it once it is complete.
//
// Memory: the reactor deletes itself when the rpc is done; the parts live until the store has answered.
// Threads: gRPC's and the store's, one at a time (awaited.h).
// Failure: an invalid request is reported in the status of the rpc, an error of the store in the response. A stream that
// is cancelled or breaks off writes nothing. A condition that does not hold is not a failure.
// Limits: value_bytes_max.
#ifndef REMOTE_DRAM_GATEWAY_OP_WRITE_H_
#define REMOTE_DRAM_GATEWAY_OP_WRITE_H_

#include <grpcpp/server_context.h>
#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/server_callback.h>

#include <cstdint>

#include "remote_dram/key_value_store.h"

namespace remote_dram::gateway {

grpc::ServerReadReactor<grpc::ByteBuffer>* StartWrite(KeyValueStore& store, uint64_t value_bytes_max,
                                                      grpc::CallbackServerContext* context,
                                                      grpc::ByteBuffer* response);

}  // namespace remote_dram::gateway

#endif  // REMOTE_DRAM_GATEWAY_OP_WRITE_H_
