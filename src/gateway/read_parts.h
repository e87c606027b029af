// ReadParts: cuts the value of a read into ReadResponse messages without copying its bytes.
//
// Memory: a message refers to the value's bytes and keeps the value alive as long as gRPC needs the message.
// Threads: one at a time. A message may be dropped on any thread.
// Failure: none.
// Limits: part_bytes_max; the client accepts messages of at most 4 MiB.
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
  // `first`: the fields of the first message, except for the value's bytes.
  ReadParts(const tensorstore_grpc::kvstore::ReadResponse& first, Value value);

  // The next message; to be called until done(). There is at least one, even for an empty value; all others have bytes.
  grpc::ByteBuffer Next();
  bool done() const { return begun_ && sent_bytes_ == value_.size(); }

 private:
  std::string head_;  // `first`, encoded; empty once it was sent
  Value value_;
  size_t sent_bytes_ = 0;
  bool begun_ = false;
};

}  // namespace remote_dram::gateway

#endif  // REMOTE_DRAM_GATEWAY_READ_PARTS_H_
