// Generation: TensorStore's byte encoding, and hexadecimal.
#include "remote_dram/generation.h"

#include "base/bytes.h"

namespace remote_dram {
namespace {

constexpr char kValueTag = 0x00;
constexpr char kMissingTag = 0x02;
constexpr char kNewLayerBit = 0x08;
constexpr size_t kValueBytes = 1 + 2 * sizeof(uint64_t);

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

std::string ShowIncarnation(uint64_t incarnation) {
  char bytes[sizeof incarnation];
  base::StoreBigEndian64(incarnation, bytes);
  return base::Hex({bytes, sizeof bytes});
}

Generation Generation::FromBytes(std::string_view bytes) {
  if (bytes.empty()) return Unknown();
  const char tag = static_cast<char>(bytes[0] & ~kNewLayerBit);
  if (tag == kMissingTag && bytes.size() == 1) return Missing();
  if (tag != kValueTag || bytes.size() != kValueBytes) return Foreign();
  return Value(base::LoadBigEndian64(bytes.data() + 1), base::LoadBigEndian64(bytes.data() + 9));
}

std::string Generation::ToBytes() const {
  switch (kind_) {
    case Kind::kUnknown:
      return "";
    case Kind::kMissing:
      return std::string(1, kMissingTag);
    case Kind::kValue: {
      std::string bytes(kValueBytes, kValueTag);
      base::StoreBigEndian64(incarnation_, bytes.data() + 1);
      base::StoreBigEndian64(sequence_, bytes.data() + 9);
      return bytes;
    }
    case Kind::kForeign:
      break;
  }
  return std::string(1, 0x10);  // TensorStore's "invalid": equal to no generation
}

std::optional<Generation> Generation::FromHex(std::string_view hex) {
  if (hex.size() % 2 != 0) return std::nullopt;
  std::string bytes;
  for (size_t i = 0; i < hex.size(); i += 2) {
    const int high = HexDigit(hex[i]), low = HexDigit(hex[i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    bytes.push_back(static_cast<char>(high * 16 + low));
  }
  return FromBytes(bytes);
}

std::string Generation::ToHex() const { return base::Hex(ToBytes()); }

}  // namespace remote_dram
