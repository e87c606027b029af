// Bundles: packs messages into a bundle, and unpacks them.
#include "wire/bundle.h"

#include <cstring>

namespace remote_dram::wire {

bool Bundle::Add(std::string_view header, std::span<const std::string_view> payload) {
  size_t payload_bytes = 0;
  for (const std::string_view piece : payload) payload_bytes += piece.size();
  if (bytes_.empty()) {
    bytes_.reserve(bundle_bytes_max);
    bytes_.resize(sizeof(MessageHeader));
  }
  const size_t room = bundle_bytes_max - bytes_.size();
  if (payload_bytes > bundled_payload_bytes_max || sizeof(BundleEntry) + header.size() + payload_bytes > room) return false;
  Append(&bytes_, BundleEntry{static_cast<uint32_t>(header.size()), static_cast<uint32_t>(payload_bytes)});
  bytes_.append(header);
  for (const std::string_view piece : payload) bytes_.append(piece);
  ++count_;
  return true;
}

std::string_view Bundle::Seal(uint64_t token) {
  const MessageHeader header{.token = token, .verb = static_cast<uint16_t>(Verb::kBundle)};
  std::memcpy(bytes_.data(), &header, sizeof header);
  return bytes_;
}

void Bundle::Clear() {
  bytes_.clear();
  count_ = 0;
}

const char* TakeFromBundle(std::string_view* rest, uint64_t token, MessageHeader* header, std::string_view* header_rest,
                           std::string_view* payload) {
  BundleEntry entry;
  if (const char* fault = Take(rest, &entry)) return fault;
  if (entry.header_bytes > rest->size() || entry.payload_bytes > rest->size() - entry.header_bytes) {
    return "a message of a bundle reaches beyond it";
  }
  *header_rest = rest->substr(0, entry.header_bytes);
  *payload = rest->substr(entry.header_bytes, entry.payload_bytes);
  rest->remove_prefix(entry.header_bytes + entry.payload_bytes);
  if (const char* fault = Take(header_rest, header)) return fault;
  if (const char* fault = header->Fault()) return fault;
  const auto verb = static_cast<Verb>(header->verb);
  if (verb == Verb::kBundle || verb == Verb::kJoin) return "a message that cannot be in a bundle";
  return header->token != token ? "a bundle with another session's message" : nullptr;
}

}  // namespace remote_dram::wire
