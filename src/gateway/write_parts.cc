// WriteParts: takes key and condition from the first message, and the bytes from all.
#include "gateway/write_parts.h"

#include <utility>

#include "base/validate.h"

namespace remote_dram::gateway {
namespace {

grpc::Slice Joined(const Pieces& pieces) {
  std::string joined;
  for (const std::string_view piece : pieces) joined += piece;
  return grpc::Slice(joined);
}

}  // namespace

Result<WriteParts::Part> WriteParts::Take(std::vector<grpc::Slice> bytes) {
  Result<WriteMessage> message = ReadWriteMessage(bytes);
  if (!message.ok()) return message.status();
  if (!begun_) {
    begun_ = true;
    key_ = std::move(message->key);
    if_generation_ = Generation::FromBytes(message->generation_if_equal);
    if (Status valid = base::CheckKey("write", key_); !valid.ok()) return valid;
  }
  const uint64_t part_bytes = base::BytesOf(message->part);
  value_bytes_ += part_bytes;
  if (Status valid = base::CheckValueBytes(key_, value_bytes_, value_bytes_max_); !valid.ok()) return valid;
  if (message->part.size() > 1 + part_bytes / piece_bytes_min) {
    bytes = {Joined(message->part)};
    message->part = {{reinterpret_cast<const char*>(bytes[0].begin()), bytes[0].size()}};
  }
  return Part{std::move(message->part), std::make_shared<std::vector<grpc::Slice>>(std::move(bytes))};
}

Status WriteParts::Complete() const {
  if (begun_) return Status();
  return Status(StatusCode::kInvalidArgument, "write: the stream ended without a message");
}

}  // namespace remote_dram::gateway
