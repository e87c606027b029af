// JSON objects that begin with a key, and their text.
#include "cli/json.h"

#include "cli/text.h"

namespace remote_dram::cli {

Json WithKey(std::string_view key) {
  if (IsUtf8(key)) return {{"key", std::string(key)}};
  return {{"key_hex", Hex(key)}};
}

std::string JsonLine(const Json& object) {
  return object.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace remote_dram::cli
