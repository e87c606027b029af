// WriteParts: takes key, condition and parts of the value out of the WriteRequest messages of one stream.
//
// Memory: a part lies in the memory in which its message arrived.
// Threads: one at a time.
// Failure: INVALID_ARGUMENT for a malformed message, a key or value over its limit, or a stream without any message.
// Limits: key_bytes_max; value_bytes_max, of all parts so far; piece_bytes_min.
#ifndef REMOTE_DRAM_GATEWAY_WRITE_PARTS_H_
#define REMOTE_DRAM_GATEWAY_WRITE_PARTS_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "gateway/write_message.h"
#include "remote_dram/generation.h"
#include "remote_dram/status.h"
#include "remote_dram/value.h"

namespace remote_dram::gateway {

// If the pieces of a part are smaller than this on average, the part is copied into one piece, because each piece takes
// memory of its own.
inline constexpr uint64_t piece_bytes_min = 1024;

class WriteParts {
 public:
  explicit WriteParts(uint64_t value_bytes_max) : value_bytes_max_(value_bytes_max) {}

  struct Part {
    Pieces pieces;
    std::shared_ptr<const void> owner;  // of the bytes
  };
  // Reads one encoded message.
  Result<Part> Take(std::vector<grpc::Slice> bytes);

  // To be called at the end of the stream. OK if the stream was complete.
  Status Complete() const;

  // Known from the first message on.
  const std::string& key() const { return key_; }
  const Generation& if_generation() const { return if_generation_; }
  uint64_t value_bytes() const { return value_bytes_; }  // of the parts so far

 private:
  uint64_t value_bytes_max_;
  bool begun_ = false;
  std::string key_;
  Generation if_generation_;
  uint64_t value_bytes_ = 0;
};

}  // namespace remote_dram::gateway

#endif  // REMOTE_DRAM_GATEWAY_WRITE_PARTS_H_
