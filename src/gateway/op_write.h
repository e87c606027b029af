// Write: receives a value in parts, which it passes on as they come, and has it stored once it is complete.
//
// Memory: the reactor deletes itself when the rpc is done; the parts live as long as the store needs them.
// Threads: gRPC's and the store's, one at a time (awaited.h).
// Failure: an invalid request is reported in the status of the rpc, an error of the store in the response. A stream that
// is cancelled or breaks off writes nothing. A condition that does not hold is not a failure.
// Limits: value_bytes_max.
#ifndef REMOTE_DRAM_GATEWAY_OP_WRITE_H_
#define REMOTE_DRAM_GATEWAY_OP_WRITE_H_

#include <grpcpp/server_context.h>
#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/server_callback.h>

#include <atomic>
#include <cstdint>

#include "remote_dram/key_value_store.h"

namespace remote_dram::gateway {

// What the writes of one gateway know of each other: the values of an array mostly have similar sizes, so a write begins with
// room for a value like those before it.
class ValueSizes {
 public:
  // About the largest size of the latest values; large ones are forgotten by and by.
  uint64_t expected_bytes() const { return expected_bytes_.load(std::memory_order_relaxed); }
  void Add(uint64_t bytes);

 private:
  std::atomic<uint64_t> expected_bytes_{0};
};

grpc::ServerReadReactor<grpc::ByteBuffer>* StartWrite(KeyValueStore& store, ValueSizes& sizes, uint64_t value_bytes_max,
                                                      grpc::CallbackServerContext* context,
                                                      grpc::ByteBuffer* response);

}  // namespace remote_dram::gateway

#endif  // REMOTE_DRAM_GATEWAY_OP_WRITE_H_
