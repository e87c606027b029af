// Parses numbers, bytes and generations in the notation of the table.
#include "semantics/literals.h"

#include <algorithm>
#include <regex>

namespace remote_dram::semantics {
namespace {

std::string Pattern(uint64_t seed, uint64_t count) {
  std::string bytes(count, '\0');
  for (uint64_t i = 0; i < count; ++i)
    bytes[i] = static_cast<char>(seed + i * 131 + (i >> 8) * 17 + (i >> 16));
  return bytes;
}

constexpr uint64_t kUnitBytes = 1 << 20;

}  // namespace

uint64_t Count(const Json& json, const Limits& limits) {
  if (json.is_number_unsigned()) return json.get<uint64_t>();
  const std::regex form(R"((\w+)(?: / (\d+))?(?: ([+-]) (\d+))?)");
  const std::string text = json.is_string() ? json.get<std::string>() : "";
  std::smatch parts;
  if (!std::regex_match(text, parts, form))
    throw TableError(json.dump() + " is no number and no limit");
  const auto limit = limits.find(parts[1]);
  if (limit == limits.end()) throw TableError("there is no limit " + parts[1].str());
  uint64_t count = limit->second;
  if (parts[2].matched) count /= std::stoull(parts[2]);
  if (!parts[3].matched) return count;
  return parts[3] == "+" ? count + std::stoull(parts[4]) : count - std::stoull(parts[4]);
}

std::string FromHex(const std::string& hex) {
  std::string bytes;
  const bool valid =
      hex.size() % 2 == 0 && hex.find_first_not_of("0123456789abcdef") == std::string::npos;
  if (!valid) throw TableError("\"" + hex + "\" is not hexadecimal, in small letters");
  for (size_t i = 0; i < hex.size(); i += 2)
    bytes.push_back(static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16)));
  return bytes;
}

Bytes::Bytes(const Json& json, const Limits& limits) {
  if (json.is_string()) {
    unit_ = json.get<std::string>();
    return;
  }
  Fields fields(json, "bytes");
  if (fields.Find("hex") != nullptr) {
    unit_ = FromHex(fields.Text("hex"));
  } else if (const Json* repeat = fields.Find("repeat")) {
    const std::string part = Bytes(*repeat, limits).Text();
    const uint64_t count = Count(fields.Need("times"), limits);
    // The unit repeats the part up to kUnitBytes, so that AsPieces has few long pieces instead of many short ones.
    const uint64_t parts =
        std::max<uint64_t>(std::min(count, kUnitBytes / std::max<uint64_t>(part.size(), 1)), 1);
    for (uint64_t i = 0; i < parts; ++i) unit_ += part;
    times_ = count / parts;
    rest_ = count % parts * part.size();
  } else if (const Json* join = fields.Find("join")) {
    for (const Json& part : *join) unit_ += Bytes(part, limits).Text();
  } else {
    const uint64_t seed = Count(fields.Need("pattern"), limits);
    unit_ = Pattern(seed, Count(fields.Need("bytes"), limits));
  }
  fields.Finish();
}

std::string Bytes::Text() const {
  std::string text;
  text.reserve(unit_.size() * times_ + rest_);
  for (const std::string_view piece : AsPieces()) text += piece;
  return text;
}

Pieces Bytes::AsPieces() const {
  Pieces pieces(times_, std::string_view(unit_));
  if (rest_ > 0) pieces.push_back(std::string_view(unit_).substr(0, rest_));
  return pieces;
}

bool Bytes::Is(std::string_view bytes) const {
  for (const std::string_view piece : AsPieces()) {
    if (bytes.substr(0, piece.size()) != piece) return false;
    bytes.remove_prefix(piece.size());
  }
  return bytes.empty();
}

Generation Generations::Condition(const Json& json) const {
  if (json == "missing") return Generation::Missing();
  if (json.is_string()) return Named(json.get<std::string>());
  Fields fields(json, "generation");
  std::string bytes;
  if (fields.Find("hex") != nullptr) {
    bytes = FromHex(fields.Text("hex"));
  } else if (fields.Find("flip") != nullptr) {
    bytes = Named(fields.Text("flip")).ToBytes();
    const uint64_t at = Count(fields.Need("byte"), {});
    if (at >= bytes.size()) fields.Refuse("has no byte " + std::to_string(at));
    bytes[at] = static_cast<char>(bytes[at] ^ FromHex(fields.Text("bits")).at(0));
  } else {
    bytes = Named(fields.Text("cut")).ToBytes();
    bytes.resize(std::min(bytes.size(), static_cast<size_t>(Count(fields.Need("bytes"), {}))));
  }
  fields.Finish();
  return Generation::FromBytes(bytes);
}

bool Generations::IsAsExpected(const Generation& generation, const Json& json) const {
  if (json == "missing") return generation == Generation::Missing();
  if (json == "unknown") return !generation.known();
  if (json != "new") return generation == Named(json.get<std::string>());
  return generation.kind() == Generation::Kind::kValue &&
         std::count(seen_.begin(), seen_.end(), generation) == 0;
}

void Generations::Bind(const std::string& name, const Generation& generation) {
  const bool reserved = name == "new" || name == "missing" || name == "unknown";
  if (reserved || !bound_.emplace(name, generation).second)
    throw TableError("\"" + name + "\" cannot be bound: it has a meaning");
}

const Generation& Generations::Named(const std::string& name) const {
  const auto found = bound_.find(name);
  if (found == bound_.end()) throw TableError("no generation is bound to \"" + name + "\"");
  return found->second;
}

}  // namespace remote_dram::semantics
