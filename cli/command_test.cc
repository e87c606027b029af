// The help is the manual: that of every command must say what it prints, with examples and exit codes.
#include "cli/command.h"

#include <gtest/gtest.h>

namespace remote_dram::cli {
namespace {

TEST(Help, TellsOfEveryFlagWhatItDoes) {
  CLI::App program("", "remote-dram");
  const std::vector<Command> commands = AddCommands(program, {});
  ASSERT_GE(commands.size(), 6u);
  for (const Command& command : commands) {
    for (const CLI::Option* option : command.app->get_options()) {
      EXPECT_GE(option->get_description().size(), 7u) << command.app->get_name() << " " << option->get_name();
    }
  }
}

TEST(Help, TellsOfEveryCommandWhatItPrintsWithExamplesAndExitCodes) {
  CLI::App program("", "remote-dram");
  for (const Command& command : AddCommands(program, {})) {
    const std::string text = command.app->help();
    const std::string name = command.app->get_name();
    const std::string example = "\n  remote-dram " + name;
    for (const std::string& wanted : {std::string("\nPrints "), std::string("\nExamples:\n"), example,
                                      std::string("\nExit codes:\n")}) {
      EXPECT_NE(text.find(wanted), std::string::npos) << name << " without " << wanted;
    }
    const bool prints_fields = text.find("--json: {") != std::string::npos || text.find("--json, of") != std::string::npos;
    EXPECT_EQ(prints_fields, name != "get") << name;
  }
}

}  // namespace
}  // namespace remote_dram::cli
