// WriteMessage: one WriteRequest, read where it lies: a generated message would own a copy of the value's part.
//
// Memory: `part` refers to the slices, which must stay where they are as long as it is used (a small slice has its
// bytes in itself).
// Threads: a pure function. Failure: INVALID_ARGUMENT for bytes that are no such message.
#ifndef REMOTE_DRAM_GATEWAY_WRITE_MESSAGE_H_
#define REMOTE_DRAM_GATEWAY_WRITE_MESSAGE_H_

#include <grpcpp/support/slice.h>

#include <string>
#include <vector>

#include "remote_dram/status.h"
#include "remote_dram/value.h"

namespace remote_dram::gateway {

struct WriteMessage {
  std::string key;
  std::string generation_if_equal;
  Pieces part;
};

Result<WriteMessage> ReadWriteMessage(const std::vector<grpc::Slice>& slices);

}  // namespace remote_dram::gateway

#endif  // REMOTE_DRAM_GATEWAY_WRITE_MESSAGE_H_
