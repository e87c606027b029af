// Generation: identifies one version of one key, for conditional reads and writes.
//
// The generation of a value consists of the server's incarnation, a random number that the server draws when it starts,
// and the server's sequence number of the write. So no key ever has the same generation twice, even across restarts.
// The byte form is TensorStore's encoding of a storage generation: empty = unknown, 02 = the key is missing,
// 00 + 16 bytes (both numbers, big-endian) = a value.
//
// Memory and threads: a trivially copyable value of 24 bytes.
// Failure: bytes in any other form become kForeign, which equals no generation, not even itself.
#ifndef REMOTE_DRAM_GENERATION_H_
#define REMOTE_DRAM_GENERATION_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace remote_dram {

// An incarnation as messages and the command line show it: 16 hexadecimal digits.
std::string ShowIncarnation(uint64_t incarnation);

class Generation {
 public:
  enum class Kind : uint8_t {
    kUnknown = 0,  // nothing is known; as a condition: none
    kMissing = 1,  // the key does not exist; as a condition: it must not
    kValue = 2,    // the version written as (incarnation, sequence)
    kForeign = 3,  // made by another store; as a condition: never holds
  };

  constexpr Generation() = default;  // Unknown
  static constexpr Generation Unknown() { return Generation(); }
  static constexpr Generation Missing() { return Generation(Kind::kMissing, 0, 0); }
  static constexpr Generation Foreign() { return Generation(Kind::kForeign, 0, 0); }
  static constexpr Generation Value(uint64_t incarnation, uint64_t sequence) {
    return Generation(Kind::kValue, incarnation, sequence);
  }

  // From and to TensorStore's encoding. Its "new layer" bit is ignored, as TensorStore's own comparison does.
  static Generation FromBytes(std::string_view bytes);
  std::string ToBytes() const;

  // From and to the byte form in hexadecimal, as the command line shows and takes it. FromHex returns nothing if `hex`
  // is not hexadecimal.
  static std::optional<Generation> FromHex(std::string_view hex);
  std::string ToHex() const;

  constexpr Kind kind() const { return kind_; }
  constexpr bool known() const { return kind_ != Kind::kUnknown; }
  // Both are 0 unless the kind is kValue.
  constexpr uint64_t incarnation() const { return incarnation_; }
  constexpr uint64_t sequence() const { return sequence_; }

  friend constexpr bool operator==(const Generation& a, const Generation& b) {
    return a.kind_ == b.kind_ && a.kind_ != Kind::kForeign && a.incarnation_ == b.incarnation_ &&
           a.sequence_ == b.sequence_;
  }
  friend constexpr bool operator!=(const Generation& a, const Generation& b) { return !(a == b); }

 private:
  constexpr Generation(Kind kind, uint64_t incarnation, uint64_t sequence)
      : kind_(kind), incarnation_(incarnation), sequence_(sequence) {}

  Kind kind_ = Kind::kUnknown;
  uint64_t incarnation_ = 0;
  uint64_t sequence_ = 0;
};

}  // namespace remote_dram

#endif  // REMOTE_DRAM_GENERATION_H_
