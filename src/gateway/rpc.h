// What the four rpcs share: statuses, deadlines, and the parsing and encoding of raw messages.
//
// Memory and threads: pure functions.
// Failure: DEADLINE_EXCEEDED if no time is left; INVALID_ARGUMENT for malformed messages.
// Limits: call_timeout_max, answer_margin_max.
#ifndef REMOTE_DRAM_GATEWAY_RPC_H_
#define REMOTE_DRAM_GATEWAY_RPC_H_

#include <google/protobuf/message_lite.h>
#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/status.h>

#include <chrono>
#include <vector>

#include "remote_dram/status.h"

namespace remote_dram::gateway {

// A client's deadline that is further away is treated as this.
inline constexpr std::chrono::milliseconds call_timeout_max = std::chrono::hours(24);

// The store gets a tenth less time than the client has left, but at most answer_margin_max less. So the store's answer
// reaches the client before the client's own deadline passes. If that deadline passes first, the client does not know what
// happened, and TensorStore sends a write again.
inline constexpr std::chrono::milliseconds answer_margin_max{500};

grpc::Status ToGrpc(const Status& status);

// The rpc status of a Read that failed in the store. TensorStore 0.1.86 and later silently repeats a read for a quarter of
// an hour if it fails with DEADLINE_EXCEEDED, RESOURCE_EXHAUSTED, INTERNAL or UNAVAILABLE. So these codes are sent as
// UNKNOWN, with their names in the message. (Write and Delete report errors in their responses, see translate.h.)
grpc::Status ReadFailed(const Status& status);

// CANCELLED: the status of an rpc that was given up because nobody waits for it any more.
grpc::Status GivenUp();

// The timeout of a store call for a client that waits until `deadline`. If the client has no deadline
// (time_point::max()): 0, the store's default.
Result<std::chrono::milliseconds> TimeLeft(std::chrono::system_clock::time_point deadline,
                                           std::chrono::system_clock::time_point now);

// Parse a message from `buffer`, or return its slices; both leave `buffer` empty.
Status Parse(grpc::ByteBuffer& buffer, google::protobuf::MessageLite& message);
Result<std::vector<grpc::Slice>> TakeSlices(grpc::ByteBuffer& buffer);
grpc::ByteBuffer Encode(const google::protobuf::MessageLite& message);

}  // namespace remote_dram::gateway

#endif  // REMOTE_DRAM_GATEWAY_RPC_H_
