// The runner itself: a wrong answer of the store, and an error in the table, fails the case.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <optional>
#include <sstream>

#include "remote_dram/server.h"
#include "semantics/run.h"
#include "semantics/table.h"

namespace remote_dram::semantics {
namespace {

// Parses JSON written with ' in place of ", which needs no escapes in C++.
std::string Spelled(std::string text) {
  std::replace(text.begin(), text.end(), '\'', '"');
  return text;
}

class SemanticsRunner : public testing::Test {
 protected:
  void SetUp() override {
    ServerOptions options;
    options.socket_path = testing::TempDir() + "rd-runner-" + std::to_string(getpid()) + ".sock";
    Result<Server> server = Server::Start(options);
    ASSERT_TRUE(server.ok()) << server.status().ToString();
    server_.emplace(std::move(*server));
    ASSERT_TRUE(server_->local().Put("a", "one").ok());
  }

  // The error of a case with these steps, on a store with "one" under "a"; empty if it passes.
  std::string Run(const std::string& steps) {
    return RunCase(server_->local(), Json::parse(Spelled("{'name': 'n', 'steps': [" + steps + "]}")),
                   {{"limit", 3}});
  }

  void Wrong(const std::string& steps, const std::string& says) {
    const std::string wrong = Run(steps);
    EXPECT_NE(wrong.find(says), std::string::npos)
        << steps << ": " << (wrong.empty() ? "nothing is wrong" : wrong);
  }

  std::optional<Server> server_;
};

TEST_F(SemanticsRunner, IsContentWithARightExpectation) {
  const char* const steps =
      "{'do': 'get', 'key': 'a', 'bind': 'g', 'expect': {'state': 'value', 'value': 'one', "
      "'value_bytes': 'limit'}},"
      "{'do': 'put', 'key': 'a', 'value': 'two', 'if': 'g', 'bind': 'h', 'expect': {'generation': "
      "'new'}},"
      "{'do': 'get', 'key': 'a', 'range': [0, 9], 'expect': {'error': 'OUT_OF_RANGE', 'says': 'bytes "
      "[0, 9)'}},"
      "{'do': 'get', 'key': 'a', 'expect': {'state': 'value', 'value': 'two', 'generation': 'h'}}";
  EXPECT_EQ(Run(steps), "");
}

TEST_F(SemanticsRunner, SeesAWrongAnswer) {
  Wrong("{'do': 'get', 'key': 'a', 'expect': {'state': 'missing'}}",
        "step 1 (get): state is \"value\"");
  Wrong("{'do': 'get', 'key': 'a', 'expect': {'state': 'value', 'value': 'two'}}",
        "the value is another one");
  Wrong("{'do': 'get', 'key': 'b', 'expect': {'value': 'one'}}", "the value is not there");
  Wrong("{'do': 'get', 'key': 'a', 'expect': {'value_bytes': 4}}", "value_bytes is 3");
  Wrong("{'do': 'get', 'key': 'a', 'expect': {'generation': 'missing'}}", "the generation is 00");
  Wrong("{'do': 'get', 'key': 'b', 'expect': {'generation': 'new'}}", "the generation is 02");
  Wrong(
      "{'do': 'get', 'key': 'a', 'bind': 'g', 'expect': {'value': 'one'}}, {'do': 'get', 'key': 'a', "
      "'expect': {'generation': 'new'}}",
      "step 2 (get): the generation is 00");
  Wrong("{'do': 'put', 'key': 'a', 'value': '', 'if': 'missing'}", "was not applied");
  Wrong("{'do': 'list', 'prefix': '', 'expect': {'entries': []}}", "entry 1 is one too many: \"a\"");
  Wrong("{'do': 'list', 'prefix': '', 'expect': {'entries': ['a', 'b']}}", "entry 2 is not there");
  Wrong("{'do': 'list', 'prefix': '', 'expect': {'entries': [['a', 4]]}}", "entry 1 has 3 bytes");
  Wrong("{'do': 'list', 'prefix': '', 'expect': {'more': true}}", "more is false");
  Wrong("{'do': 'delete range', 'prefix': '', 'expect': {'keys_deleted': 0}}", "keys_deleted is 1");
}

TEST_F(SemanticsRunner, SeesAWrongError) {
  Wrong("{'do': 'get', 'key': 'a', 'expect': {'error': 'OUT_OF_RANGE', 'says': 'x'}}",
        "succeeded; OUT_OF_RANGE was expected");
  Wrong("{'do': 'get', 'key': 'a', 'range': [0, 9], 'expect': {'state': 'value', 'value': 'one'}}",
        "OUT_OF_RANGE: get");
  Wrong("{'do': 'get', 'key': 'a', 'range': [0, 9], 'expect': {'error': 'INTERNAL', 'says': 'get'}}",
        "INTERNAL was expected");
  Wrong(
      "{'do': 'get', 'key': 'a', 'range': [0, 9], 'expect': {'error': 'OUT_OF_RANGE', 'says': ['get', "
      "'x']}}",
      "does not say \"x\"");
  Wrong(
      "{'do': 'get', 'key': 'a', 'range': [0, 9], 'expect': {'error': 'OUT_OF_RANGE', 'says': 'get', "
      "'outcome_unknown': true}}",
      "outcome known");
  Wrong("{'do': 'put', 'key': 'a', 'value': 'v', 'timeout_ms': -1, 'expect': {'state': 'applied'}}",
        "DEADLINE_EXCEEDED");
}

TEST_F(SemanticsRunner, SeesAWrongAnswerToOneOfMany) {
  Wrong(
      "{'do': 'batch read', 'operations': [{'key': 'a', 'expect': {'state': 'value', 'value': 'one'}}, "
      "{'key': 'a', 'expect': {'state': 'missing'}}]}",
      "operation 2: state is \"value\"");
  Wrong(
      "{'do': 'batch write', 'operations': [{'do': 'put', 'key': 'b', 'value': '', 'if': 'missing'}, "
      "{'do': 'delete', 'key': 'a', 'if': 'missing'}]}",
      "operation 2: was not applied");
  Wrong(
      "{'do': 'transact', 'operations': [{'do': 'put', 'key': 'c', 'value': '', 'expect': {'matched': "
      "false}}]}",
      "matched is true");
}

TEST_F(SemanticsRunner, SeesAWaitThatDoesNotWait) {
  Wrong(
      "{'do': 'wait', 'key': 'a', 'meanwhile': [{'do': 'delete', 'key': 'a'}], 'expect': {'state': "
      "'missing'}}",
      "did not wait");
  Wrong(
      "{'do': 'wait', 'key': 'b', 'meanwhile': [{'do': 'put', 'key': 'b', 'value': '', 'if': "
      "'missing'}, {'do': 'put', 'key': 'b', 'value': '', 'if': 'missing'}], 'expect': {'state': "
      "'value'}}",
      "meanwhile step 2 (put): was not applied");
}

TEST_F(SemanticsRunner, RefusesWhatItDoesNotKnow) {
  Wrong("{'do': 'fetch', 'key': 'a', 'expect': {'state': 'missing'}}", "there is no such verb");
  Wrong("{'do': 'get', 'key': 'a', 'rnage': [0, 1], 'expect': {'state': 'value', 'value': 'o'}}",
        "nobody knows the field \"rnage\"");
  Wrong("{'do': 'get', 'key': 'a', 'expect': {'state': 'value', 'value': 'one', 'sise': 3}}",
        "no field \"sise\"");
  Wrong("{'do': 'get', 'key': 'a', 'expect': {}}", "expects nothing");
  Wrong("{'do': 'get', 'key': 'a', 'expect': {'state': 'value'}}", "does not say which");
  Wrong("{'do': 'get', 'key': 'a', 'expct': {'state': 'value'}}", "needs to expect something");
  Wrong("{'do': 'get', 'key': 'a', 'if': 'g', 'expect': {'state': 'missing'}}",
        "no generation is bound to \"g\"");
  Wrong("{'do': 'get', 'key': 'a', 'bind': 'new', 'expect': {'value_bytes': 3}}", "cannot be bound");
  Wrong(
      "{'do': 'get', 'key': 'a', 'range': [0, 9], 'expect': {'error': 'OUT_OF_RANGE', 'says': 'get', "
      "'sayz': 'x'}}",
      "nobody knows");
  Wrong("{'do': 'get', 'key': {'repeat': 'a', 'times': 'limitt'}, 'expect': {'state': 'missing'}}",
        "there is no limit limitt");
  Wrong("{'do': 'batch read', 'operations': [{'key': 'a'}]}", "every read needs to expect something");
  Wrong("{'do': 'batch read', 'operations': [{'key': 'a', 'epxect': {}}]}",
        "nobody knows the field \"epxect\"");
  Wrong(
      "{'do': 'transact', 'operations': [{'do': 'check', 'key': 'a', 'expect': {'matched': true}}], "
      "'expect': {'error': 'INTERNAL', 'says': ''}}",
      "refused as a whole");
  Wrong("", "no steps");
  EXPECT_NE(
      RunCase(server_->local(), Json::parse(Spelled("{'name': 'n', 'steps': [{}], 'canot': {}}")), {}),
      "");
}

std::string ErrorOf(const std::string& cases) try {
  std::istringstream text(
      Spelled("{'limits': {}, 'doors': {'door': {'is': 'a door', 'cannot': {'wait': 'slow', 'room': "
              "'small', 'get if': 'no conditions'}}}, 'cases': " +
              cases + "}"));
  const Table table = ReadTable(text);
  return table.cases.empty() ? "" : table.WhyNot("door", table.cases[0]);
} catch (const TableError& wrong) {
  return wrong.what();
}

TEST(SemanticsTableFrame, IsChecked) {
  EXPECT_EQ(ErrorOf("[{'name': 'a b', 'steps': []}, {'name': 'a  B', 'steps': []}]"),
            "two cases are called \"a  B\"");
  EXPECT_EQ(ErrorOf("[{'name': 'a', 'steps': [], 'steps': []}]"),
            "the field \"steps\" is there twice in one object");
  EXPECT_EQ(ErrorOf("[{'name': 'a', 'cannot': {'window': 'w'}, 'steps': []}]"),
            "\"a\" names a door \"window\", which does not exist");
  EXPECT_EQ(ErrorOf("[{'name': 'a', 'cannot': {'door': ''}, 'steps': []}]"),
            "\"a\" does not say why door cannot");
}

TEST(SemanticsTableFrame, TellsWhatADoorCannot) {
  EXPECT_EQ(ErrorOf("[{'name': 'a', 'cannot': {'door': 'shut'}, 'steps': []}]"), "shut");
  EXPECT_EQ(ErrorOf("[{'name': 'a', 'steps': [{'do': 'get', 'key': 'a'}, {'do': 'wait'}]}]"),
            "wait: slow");
  EXPECT_EQ(ErrorOf("[{'name': 'a', 'steps': [{'do': 'get', 'room': 1}]}]"), "room: small");
  EXPECT_EQ(ErrorOf("[{'name': 'a', 'steps': [{'do': 'get', 'key': 'wait'}]}]"), "");
  EXPECT_EQ(ErrorOf("[{'name': 'a', 'steps': [{'do': 'get', 'if': 'missing'}]}]"), "get if: no conditions");
  EXPECT_EQ(ErrorOf("[{'name': 'a', 'steps': [{'do': 'put', 'if': 'missing'}]}]"), "");
}

}  // namespace
}  // namespace remote_dram::semantics
