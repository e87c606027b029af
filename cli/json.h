// JSON as --json prints it: one object on a line, its fields in the order in which they were added.
//
// Memory and threads: pure functions on what the caller passes.
// Failure: none: text that is not UTF-8 (a path may be such) is printed with replacement characters. Keys,
// which must not be lost, go through WithKey.
#ifndef REMOTE_DRAM_CLI_JSON_H_
#define REMOTE_DRAM_CLI_JSON_H_

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace remote_dram::cli {

using Json = nlohmann::ordered_json;

// {"key": ...}, or {"key_hex": ...} if the key is not UTF-8. A prefix has a name of its own.
Json WithKey(std::string_view key, const std::string& name = "key");

std::string JsonLine(const Json& object);

}  // namespace remote_dram::cli

#endif  // REMOTE_DRAM_CLI_JSON_H_
