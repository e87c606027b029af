// The shared flags, and the part of the help that is the same for all commands.
#include "cli/flags.h"

namespace remote_dram::cli {
namespace {

constexpr char kForAllCommands[] =
    "\n"
    "Keys are bytes. With --json, a key that is not UTF-8 is told as \"key_hex\", in hexadecimal, instead of as\n"
    "\"key\". Failures are one line of text on standard error, with --json too.\n"
    "\n"
    "Environment:\n"
    "  REMOTE_DRAM_SERVER       the server, where --server does not name one\n"
    "  REMOTE_DRAM_CREDENTIALS  the file, where --credentials does not name one\n"
    "  XDG_RUNTIME_DIR          where the default socket lies\n"
    "Exit codes:\n"
    "  0  success\n"
    "  1  the key does not exist, or the condition does not hold\n"
    "  2  invalid usage; nothing was changed\n"
    "  3  no server, or no answer in time\n"
    "  4  a limit was exceeded; the message names it\n"
    "  5  any other failure";

}  // namespace

Generation ConditionFlags::generation() const {
  if (if_absent) return Generation::Missing();
  return if_generation.value_or(Generation::Unknown());
}

ConditionOptions AddCondition(CLI::App& app, ConditionFlags* flags) {
  CLI::Option* if_absent = app.add_flag("--if-absent", flags->if_absent, "only if there is no such key");
  CLI::Option* if_generation =
      AddParsed(app, "--if-generation", ParseGeneration, &flags->if_generation,
                "only if the key still has this generation, as put and stat print it");
  if_generation->type_name("HEX")->excludes(if_absent);
  return {if_absent, if_generation};
}

void AddJson(CLI::App& app, bool* json) {
  app.add_flag("--json", *json, "print for programs: JSON objects, one on a line; the fields are below");
}

std::string Manual(std::string_view own) { return std::string(own) + kForAllCommands; }

}  // namespace remote_dram::cli
