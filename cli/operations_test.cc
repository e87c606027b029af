// Operations: which lines are accepted, and the messages for the others.
#include "cli/operations.h"

#include <gtest/gtest.h>

namespace remote_dram::cli {
namespace {

using Kind = WriteOperation::Kind;

std::string ValueOf(const WriteOperation& operation) {
  std::string value;
  for (const std::string_view piece : operation.value) value += piece;
  return value;
}

TEST(Operations, AreReadFromLines) {
  const std::string generation = Generation::Value(7, 8).ToHex();
  Result<Operations> parsed = Operations::Parse(
      "{\"op\": \"put\", \"key\": \"a\", \"value\": \"gr\\u00f6\\u00dfe\\u0000\", \"if_absent\": true}\n"
      "\n  \r\n"
      "{\"op\":\"put\",\"key_hex\":\"ff00\",\"value_hex\":\"00ff\",\"if_generation\":\"" + generation + "\"}\n"
      "{\"op\":\"delete\",\"key\":\"\",\"if_absent\":false}\n"
      "{\"op\":\"check\",\"key\":\"c\",\"if_absent\":true}\r\n"
      "{\"op\":\"delete_range\",\"prefix\":\"d/\"}\n"
      "{\"op\":\"delete_range\",\"prefix_hex\":\"ff\"}");
  ASSERT_TRUE(parsed.ok()) << parsed.status().ToString();
  const Operations moved = *std::move(parsed);
  ASSERT_EQ(moved.list.size(), 6u);
  const auto& [put, binary, deleted, check, range, rest] =
      std::tie(moved.list[0], moved.list[1], moved.list[2], moved.list[3], moved.list[4], moved.list[5]);
  EXPECT_EQ(put.kind, Kind::kPut);
  EXPECT_EQ(ValueOf(put), std::string("größe\0", 8));
  EXPECT_EQ(put.if_generation, Generation::Missing());
  EXPECT_EQ(binary.key, std::string("\xff\0", 2));
  EXPECT_EQ(ValueOf(binary), std::string("\0\xff", 2));
  EXPECT_EQ(binary.if_generation, Generation::Value(7, 8));
  EXPECT_EQ(deleted.kind, Kind::kDelete);
  EXPECT_FALSE(deleted.if_generation.known());
  EXPECT_EQ(check.kind, Kind::kCheck);
  EXPECT_EQ(range.kind, Kind::kDeleteRange);
  EXPECT_EQ(range.key + " " + range.end, "d/ d0");
  EXPECT_EQ(rest.key + rest.end, "\xff");  // no key is greater than all with this prefix: the range has no end
}

TEST(Operations, OfNoLineAreNone) {
  EXPECT_TRUE(Operations::Parse("")->list.empty());
  EXPECT_TRUE(Operations::Parse("\n \n")->list.empty());
}

TEST(Operations, ThatMakeNoSenseAreRefusedWithLineAndReason) {
  const std::pair<const char*, const char*> cases[] = {
      {"put a", "no JSON object: \"put a\""},
      {"[]", "no JSON object"},
      {"{\"op\":\"put\",\"key\":\"\xff\",\"value\":\"\"}", "no JSON object"},
      {"{}", "put, delete, check or delete_range, not \"\""},
      {R"({"op":"pat","key":"a"})", "not \"pat\""},
      {R"({"op":7,"key":"a"})", "put, delete, check or delete_range"},
      {R"({"op":"delete"})", "delete needs a key"},
      {R"({"op":"delete","key":1})", "\"key\" is a text"},
      {R"({"op":"delete","key":"a","key_hex":"61"})", "key or key_hex, not both"},
      {R"({"op":"delete","key_hex":"6"})", "hexadecimal digits"},
      {R"({"op":"delete","key":"a","if_generaton":"02"})", "unknown field \"if_generaton\""},
      {R"({"op":"delete","key":"a","value":"x"})", "unknown field \"value\""},
      {R"({"op":"delete","key":"a","if_generation":""})", "generation"},
      {R"({"op":"delete","key":"a","if_absent":1})", "\"if_absent\" is true or false"},
      {R"({"op":"delete","key":"a","if_absent":true,"if_generation":"02"})", "if_generation or if_absent, not both"},
      {R"({"op":"check","key":"a"})", "check needs if_generation or if_absent"},
      {R"({"op":"put","key":"a"})", "one of value, value_hex and value_file"},
      {R"({"op":"put","key":"a","value":"","value_file":"x"})", "one of value, value_hex and value_file"},
      {R"({"op":"put","key":"a","value":"","value_hex":""})", "value or value_hex, not both"},
      {R"({"op":"put","key":"a","value_file":"-"})", "value_file names a file"},
      {R"({"op":"delete_range","key":"a"})", "delete_range needs a prefix"},
      {R"({"op":"delete_range","prefix":"a","if_absent":true})", "unknown field \"if_absent\""},
  };
  for (const auto& [line, why] : cases) {
    const Result<Operations> parsed = Operations::Parse("\n" + std::string(line) + "\n");
    ASSERT_FALSE(parsed.ok()) << line;
    EXPECT_EQ(parsed.status().code(), StatusCode::kInvalidArgument) << line;
    EXPECT_EQ(parsed.status().message().rfind("line 2: ", 0), 0u) << parsed.status().message();
    EXPECT_NE(parsed.status().message().find(why), std::string::npos) << parsed.status().message();
  }
}

TEST(Operations, WithAFileThatIsNotThereNameIt) {
  const auto parsed = Operations::Parse(R"({"op":"put","key":"a","value_file":"/nowhere/at all"})");
  ASSERT_FALSE(parsed.ok());
  EXPECT_NE(parsed.status().message().find("/nowhere/at all"), std::string::npos);
}

}  // namespace
}  // namespace remote_dram::cli
