// Flags that several commands share: a key, a condition on its generation, --json; and the end of every help text.
//
// Memory: the variables that the parser fills must outlive it.
// Failure: a key over key_bytes_max, or a malformed generation, is a usage error.
#ifndef REMOTE_DRAM_CLI_FLAGS_H_
#define REMOTE_DRAM_CLI_FLAGS_H_

#include <optional>
#include <string>
#include <string_view>

#include "cli/command.h"
#include "cli/text.h"
#include "remote_dram/generation.h"

namespace remote_dram::cli {

// Adds an option whose text is parsed by `parse` while the command line is parsed, so that a mistake is a usage error.
template <typename T, typename Into>
CLI::Option* AddParsed(CLI::App& app, const std::string& name, Result<T> (*parse)(std::string_view),
                       Into* into, const std::string& help) {
  const auto read = [name, parse, into](const std::string& text) {
    Result<T> parsed = parse(text);
    if (!parsed.ok()) throw CLI::ValidationError(name, parsed.status().message());
    *into = *parsed;
  };
  return app.add_option_function<std::string>(name, read, help);
}

// `key` is a std::string, or a std::optional of one.
template <typename Into>
CLI::Option* AddKey(CLI::App& app, Into* key, const std::string& help) {
  return AddParsed(app, "key", ParseKey, key, help)->type_name("");
}

struct ConditionFlags {
  bool if_absent = false;
  std::optional<Generation> if_generation;

  Generation generation() const;  // Unknown, which is no condition, if neither flag was given
};

struct ConditionOptions {
  CLI::Option* if_absent;
  CLI::Option* if_generation;
};
ConditionOptions AddCondition(CLI::App& app, ConditionFlags* flags);

// Adds --json. The help of each command describes the fields; Manual adds what holds for all commands.
void AddJson(CLI::App& app, bool* json);

// The end of a command's help text: `own`, then what holds for all commands: --json, environment, exit codes.
std::string Manual(std::string_view own);

}  // namespace remote_dram::cli

#endif  // REMOTE_DRAM_CLI_FLAGS_H_
