// WriteParts: key and condition of the first message, bytes of all.
#include "gateway/write_parts.h"

#include <utility>

#include "base/validate.h"

namespace remote_dram::gateway {

Status WriteParts::Add(tensorstore_grpc::kvstore::WriteRequest&& message) {
  if (!begun_) {
    begun_ = true;
    key_ = std::move(*message.mutable_key());
    if_generation_ = Generation::FromBytes(message.generation_if_equal());
    if (Status valid = base::CheckKey("write", key_); !valid.ok()) return valid;
  }
  std::string part = std::move(*message.mutable_value_part());
  value_bytes_ += part.size();
  if (Status valid = base::CheckValueBytes(key_, value_bytes_, value_bytes_max_); !valid.ok()) {
    return valid;
  }
  if (!part.empty()) parts_.push_back(std::move(part));
  return Status();
}

Status WriteParts::Complete() {
  if (!begun_) return Status(StatusCode::kInvalidArgument, "write: the stream ended without a message");
  pieces_.assign(parts_.begin(), parts_.end());
  return Status();
}

}  // namespace remote_dram::gateway
