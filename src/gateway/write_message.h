// WriteMessage: one WriteRequest, parsed without copying: a generated message would own a copy of the value's part.
//
// Memory: `part` points into the slices, which must neither be freed nor moved while it is used (a small slice holds its
// bytes in the object itself).
// Threads: a pure function. Failure: INVALID_ARGUMENT for a malformed message.
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
  Pieces part;  // the field value_part
};

Result<WriteMessage> ReadWriteMessage(const std::vector<grpc::Slice>& slices);

}  // namespace remote_dram::gateway

#endif  // REMOTE_DRAM_GATEWAY_WRITE_MESSAGE_H_
