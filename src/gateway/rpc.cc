// What the four rpcs share: statuses, deadlines, and raw messages.
#include "gateway/rpc.h"

#include <grpcpp/support/proto_buffer_reader.h>

#include <algorithm>
#include <string>

namespace remote_dram::gateway {

grpc::Status ToGrpc(const Status& status) {
  return {static_cast<grpc::StatusCode>(status.code()), status.message()};
}

grpc::Status ReadFailed(const Status& status) {
  switch (status.code()) {
    case StatusCode::kDeadlineExceeded:
    case StatusCode::kResourceExhausted:
    case StatusCode::kInternal:
    case StatusCode::kUnavailable:
      return {grpc::StatusCode::UNKNOWN, status.ToString()};
    default:
      return ToGrpc(status);
  }
}

grpc::Status GivenUp() { return {grpc::StatusCode::CANCELLED, "the call was cancelled"}; }

Result<std::chrono::milliseconds> TimeLeft(std::chrono::system_clock::time_point deadline,
                                           std::chrono::system_clock::time_point now) {
  if (deadline == std::chrono::system_clock::time_point::max()) return std::chrono::milliseconds(0);
  if (deadline <= now) {
    return Status(StatusCode::kDeadlineExceeded, "the deadline passed before the store was asked");
  }
  if (deadline >= now + call_timeout_max) return call_timeout_max;
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - now);
  return left - std::min(left / 10, answer_margin_max);
}

Status Parse(grpc::ByteBuffer& buffer, google::protobuf::MessageLite& message) {
  bool parsed = false;
  if (buffer.Valid()) {
    grpc::ProtoBufferReader reader(&buffer);
    parsed = reader.status().ok() && message.ParseFromZeroCopyStream(&reader);
  }
  buffer.Clear();
  if (parsed) return Status();
  return Status(StatusCode::kInvalidArgument, "the request is no " + message.GetTypeName());
}

Result<std::vector<grpc::Slice>> TakeSlices(grpc::ByteBuffer& buffer) {
  std::vector<grpc::Slice> slices;
  const bool taken = buffer.Valid() && buffer.Dump(&slices).ok();
  buffer.Clear();
  if (taken) return slices;
  return Status(StatusCode::kInvalidArgument, "the request is compressed in a way that cannot be undone");
}

grpc::ByteBuffer Encode(const google::protobuf::MessageLite& message) {
  const grpc::Slice bytes(message.SerializeAsString());
  return grpc::ByteBuffer(&bytes, 1);
}

}  // namespace remote_dram::gateway
