// JSON objects that begin with a key, and their text as one line.
#include "cli/json.h"

#include "cli/text.h"

namespace remote_dram::cli {

Json WithKey(std::string_view key, const std::string& name) {
  if (IsUtf8(key)) return {{name, std::string(key)}};
  return {{name + "_hex", Hex(key)}};
}

std::string JsonLine(const Json& object) {
  return object.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace remote_dram::cli
