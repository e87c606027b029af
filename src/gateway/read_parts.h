// ReadParts: cuts what a read returned into ReadResponse messages, whose bytes stay where the store
// keeps them.
//
// Memory: a message refers to the value and keeps it alive, as long as gRPC needs it: nothing is
// copied.
// Threads: one at a time. A message may be dropped on any thread.
// Failure: none.
// Limits: part_bytes_max. The client takes at most 4 MiB a message.
#ifndef REMOTE_DRAM_GATEWAY_READ_PARTS_H_
#define REMOTE_DRAM_GATEWAY_READ_PARTS_H_

#include <grpcpp/support/byte_buffer.h>

#include <cstddef>
#include <string>

#include "gateway/kvstore.pb.h"
#include "remote_dram/value.h"

namespace remote_dram::gateway {

inline constexpr size_t part_bytes_max = 1 << 20;

class ReadParts {
 public:
  // `first`: what the first message says beside the bytes.
  ReadParts(const tensorstore_grpc::kvstore::ReadResponse& first, Value value);

  // The next message. There is at least one, also for an empty value, and no empty one after that.
  grpc::ByteBuffer Next();
  bool done() const { return begun_ && sent_bytes_ == value_.size(); }

 private:
  std::string head_;  // the first response, encoded
  Value value_;
  size_t sent_bytes_ = 0;
  bool begun_ = false;
};

}  // namespace remote_dram::gateway

#endif  // REMOTE_DRAM_GATEWAY_READ_PARTS_H_
