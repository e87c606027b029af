// JSON as --json prints it: one object per line, its fields in the order in which they were added.
//
// Memory and threads: pure functions on what the caller passes.
// Failure: none. Text that is not UTF-8 (such as some paths) is printed with replacement characters. Keys must not be
// altered, so they go through WithKey.
#ifndef REMOTE_DRAM_CLI_JSON_H_
#define REMOTE_DRAM_CLI_JSON_H_

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace remote_dram::cli {

using Json = nlohmann::ordered_json;

// {"key": ...}, or {"key_hex": ...} with hexadecimal text if the key is not UTF-8. `name` replaces "key", for a prefix.
Json WithKey(std::string_view key, const std::string& name = "key");

std::string JsonLine(const Json& object);

}  // namespace remote_dram::cli

#endif  // REMOTE_DRAM_CLI_JSON_H_
