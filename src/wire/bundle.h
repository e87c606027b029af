// A bundle: several small messages of one session that were ready at the same moment, sent as one message.
//
// It consists of a MessageHeader with the session's token and the verb kBundle, then for each message a BundleEntry, its
// header part and its payload part. A client bundles only for a server whose WELCOME has kFeatureBundle. A server bundles
// only replies to requests that arrived in one bundle.
// Memory: a Bundle owns copies of the added messages. TakeFromBundle returns views of its input. Threads: plain values.
// Failure: Add returns false for a message that is too large or does not fit any more; TakeFromBundle: see codec.h.
// Limits: bundle_bytes_max, bundled_payload_bytes_max.
#ifndef REMOTE_DRAM_WIRE_BUNDLE_H_
#define REMOTE_DRAM_WIRE_BUNDLE_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "wire/message.h"

namespace remote_dram::wire {

// As many bytes as UCX copies into one segment of its shared-memory queue, less room for UCX's own header.
inline constexpr size_t bundle_bytes_max = 7 << 10;
// A message with a larger payload gains nothing from being bundled.
inline constexpr size_t bundled_payload_bytes_max = 1 << 10;

struct BundleEntry {
  uint32_t header_bytes = 0;
  uint32_t payload_bytes = 0;
};
static_assert(sizeof(BundleEntry) == 8);

class Bundle {
 public:
  bool Add(std::string_view header, std::span<const std::string_view> payload);
  uint32_t count() const { return count_; }
  // Writes the bundle's header, and returns the whole message to send; a view of this object.
  std::string_view Seal(uint64_t token);
  void Clear();

 private:
  std::string bytes_;
  uint32_t count_ = 0;
};

// Takes the next message off the front of `rest`, which at first is all that follows the bundle's own header. Each message
// must have that header's token.
const char* TakeFromBundle(std::string_view* rest, uint64_t token, MessageHeader* header, std::string_view* header_rest,
                           std::string_view* payload);

}  // namespace remote_dram::wire

#endif  // REMOTE_DRAM_WIRE_BUNDLE_H_
