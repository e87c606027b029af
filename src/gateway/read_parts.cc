// ReadParts: encodes the few bytes of protobuf around each part itself, because a generated message would own a copy of
// the part.
#include "gateway/read_parts.h"

#include <google/protobuf/io/coded_stream.h>

#include <algorithm>
#include <memory>
#include <utility>

namespace remote_dram::gateway {
namespace {

using google::protobuf::io::CodedOutputStream;
using tensorstore_grpc::kvstore::ReadResponse;

constexpr uint8_t kLengthDelimited = 2;
constexpr uint8_t kValuePartTag = ReadResponse::kValuePartFieldNumber << 3 | kLengthDelimited;
constexpr size_t kPrefixBytesMax = 1 + 5;  // the tag and a length below 4 GiB

std::string ValuePartPrefix(size_t part_bytes) {
  uint8_t prefix[kPrefixBytesMax] = {kValuePartTag};
  const uint8_t* end =
      CodedOutputStream::WriteVarint32ToArray(static_cast<uint32_t>(part_bytes), prefix + 1);
  return std::string(reinterpret_cast<const char*>(prefix), static_cast<size_t>(end - prefix));
}

// A slice that refers to a part of the value and keeps the value alive; the slice may outlive the rpc.
grpc::Slice Share(const Value& value, std::string_view part) {
  auto* owner = new std::shared_ptr<const void>(value.owner());
  return grpc::Slice(
      const_cast<char*>(part.data()), part.size(),
      [](void* held) { delete static_cast<std::shared_ptr<const void>*>(held); }, owner);
}

}  // namespace

ReadParts::ReadParts(const ReadResponse& first, Value value)
    : head_(first.SerializeAsString()), value_(std::move(value)) {}

grpc::ByteBuffer ReadParts::Next() {
  const std::string_view part = value_.bytes().substr(sent_bytes_, part_bytes_max);
  begun_ = true;
  sent_bytes_ += part.size();
  std::string head = std::exchange(head_, {});
  if (part.empty()) {
    const grpc::Slice only(head);
    return grpc::ByteBuffer(&only, 1);
  }
  const grpc::Slice slices[] = {grpc::Slice(head + ValuePartPrefix(part.size())), Share(value_, part)};
  return grpc::ByteBuffer(slices, 2);
}

}  // namespace remote_dram::gateway
