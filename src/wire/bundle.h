// A bundle: small messages of one session that were ready at the same moment, as one message.
//
// A MessageHeader with the session's token and the verb kBundle; then for each message a BundleEntry, its header part
// and its payload part. A client bundles only for a server that says kFeatureBundle, a server only replies to
// requests that came in one bundle.
// Memory: a Bundle owns a copy of what was added. What is taken points into the input. Threads: plain values.
// Failure: Add refuses what is too large or does not fit any more; TakeFromBundle: see codec.h.
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

// What UCX copies into one segment of a queue in shared memory, with room for its own header.
inline constexpr size_t bundle_bytes_max = 7 << 10;
// What is larger gains nothing from company.
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
  // As it is sent.
  std::string_view Seal(uint64_t token);
  void Clear();

 private:
  std::string bytes_;
  uint32_t count_ = 0;
};

// Takes the next message off the front of what follows the bundle's own header, whose token each has.
const char* TakeFromBundle(std::string_view* rest, uint64_t token, MessageHeader* header, std::string_view* header_rest,
                           std::string_view* payload);

}  // namespace remote_dram::wire

#endif  // REMOTE_DRAM_WIRE_BUNDLE_H_
