// What the four rpcs share: statuses, deadlines, and messages that are read and written by hand.
//
// Memory and threads: pure functions.
// Failure: DEADLINE_EXCEEDED if no time is left; INVALID_ARGUMENT for bytes that are no such message.
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

// A client's longer deadline counts as this.
inline constexpr std::chrono::milliseconds call_timeout_max = std::chrono::hours(24);

// The store gets less time than the client has, a tenth but at most this, so that what it says comes in
// time: a client that has given up by itself knows nothing, and TensorStore then sends a write once more.
inline constexpr std::chrono::milliseconds answer_margin_max{500};

grpc::Status ToGrpc(const Status& status);

// A Read that the store failed. TensorStore 0.1.86 and later repeats a read for a quarter of an hour if it
// fails with one of four codes, saying nothing; those travel as UNKNOWN, their names in the message.
// (Write and Delete answer in their response, see translate.h.)
grpc::Status ReadFailed(const Status& status);

// What a call says that nobody waits for any more.
grpc::Status GivenUp();

// What a store call may take, for a client that waits until `deadline`. Without a deadline (the end of
// time): 0, which is the store's default.
Result<std::chrono::milliseconds> TimeLeft(std::chrono::system_clock::time_point deadline,
                                           std::chrono::system_clock::time_point now);

// Both take the bytes away from `buffer`.
Status Parse(grpc::ByteBuffer& buffer, google::protobuf::MessageLite& message);
Result<std::vector<grpc::Slice>> TakeSlices(grpc::ByteBuffer& buffer);
grpc::ByteBuffer Encode(const google::protobuf::MessageLite& message);

}  // namespace remote_dram::gateway

#endif  // REMOTE_DRAM_GATEWAY_RPC_H_
