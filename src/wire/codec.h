// Converts structs to bytes and back: every message of this protocol is a fixed struct, followed by a tail of bytes.
//
// A struct is little-endian, has no padding, and a size that is a multiple of 8 bytes; reserved bytes are zero. It has
// `const char* Fault(size_t tail_bytes) const`, which returns what is wrong with it, or null if a correct peer could have
// sent it.
// Memory: parsed views point into the input. Threads: pure functions.
// Failure: Take and Parse return what is wrong, as a static text; they never read beyond the input.
#ifndef REMOTE_DRAM_WIRE_CODEC_H_
#define REMOTE_DRAM_WIRE_CODEC_H_

#include <bit>
#include <cstring>
#include <string>
#include <string_view>
#include <type_traits>

namespace remote_dram::wire {

static_assert(std::endian::native == std::endian::little, "the wire is little-endian; so must be the host");

template <typename T>
concept WireStruct = std::is_trivially_copyable_v<T> && std::has_unique_object_representations_v<T> &&
                     sizeof(T) % 8 == 0;

template <WireStruct T, typename Bytes>
void Append(Bytes* to, const T& value) {
  to->append(reinterpret_cast<const char*>(&value), sizeof value);
}

// Takes a struct off the front of the input, without checking its fields. Returns null, or what is wrong.
template <WireStruct T>
const char* Take(std::string_view* from, T* value) {
  if (from->size() < sizeof *value) return "the message is shorter than its header";
  std::memcpy(value, from->data(), sizeof *value);
  from->remove_prefix(sizeof *value);
  return nullptr;
}

// Takes the struct and checks it, together with the size of all that follows it, which becomes the tail.
template <WireStruct T>
const char* Parse(std::string_view from, T* value, std::string_view* tail) {
  if (const char* fault = Take(&from, value)) return fault;
  if (const char* fault = value->Fault(from.size())) return fault;
  *tail = from;
  return nullptr;
}

}  // namespace remote_dram::wire

#endif  // REMOTE_DRAM_WIRE_CODEC_H_
